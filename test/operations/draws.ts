/** Every kind of change that `why` is to tell the cause of. */
import {
  added,
  bb,
  rewrite,
  setLine,
  setVariable,
  type Change,
  type Draw,
  type Drawing,
} from './drawn-change.ts';
import { newPatch, newSource, patch, source, upgrade, upstream } from './drawn-sources.ts';

const overridden: Draw = (drawing) => {
  const to = drawing.word();
  const { edits, at } = added(drawing, drawing.localConf, `LEVEL:pn-${drawing.recipe} = "${to}"`);
  const from = /^LEVEL = "(.*)"$/m.exec(drawing.read(bb(drawing.recipe)))?.[1] ?? '';
  return {
    what: 'LEVEL:pn-… in local.conf',
    edits,
    truth: { kind: 'variable', name: 'LEVEL', from, to, at },
  };
};

const appendedByOverride: Draw = (drawing) => {
  const word = drawing.word();
  const path = bb(drawing.recipe);
  const { edits, old, at } = rewrite(drawing, path, {
    line: /^EXTRA:append:tuned = "(.*)"$/m,
    by: () => `EXTRA:append:tuned = " ${word}"`,
  });
  const value = (append: string): string => `--level=\${LEVEL}${append}`;
  const truth = { kind: 'variable' as const, name: 'EXTRA', from: value(old), to: value(` ${word}`), at };
  return { what: 'EXTRA:append:tuned', edits, truth };
};

const appendedInConf: Draw = (drawing) => {
  const word = drawing.word();
  const line = `CFLAGS:append:pn-${drawing.recipe} = " -D${word}"`;
  const { edits, at } = added(drawing, drawing.localConf, line);
  const truth = { kind: 'variable' as const, name: 'CFLAGS', told: `-D${word}`, at };
  return { what: 'CFLAGS:append:pn-… in local.conf', edits, truth };
};

const removedInConf: Draw = (drawing) => {
  const { edits, at } = added(
    drawing,
    drawing.localConf,
    `EXTRA:remove:pn-${drawing.recipe} = "--level=\${LEVEL}"`,
  );
  return {
    what: 'EXTRA:remove',
    edits,
    truth: { kind: 'variable', name: 'EXTRA', told: ':remove --level', at },
  };
};

const bbappend: Draw = (drawing) => {
  const to = drawing.word();
  const path = `recipes/${drawing.recipe}_%.bbappend`;
  const from = /^LEVEL = "(.*)"$/m.exec(drawing.read(bb(drawing.recipe)))?.[1] ?? '';
  const edits = new Map([[path, `# ours\nLEVEL = "${to}"\n`]]);
  return { what: 'a bbappend', edits, truth: { kind: 'variable', name: 'LEVEL', from, to, at: `${path}:2` } };
};

const flag: Draw = (drawing) => {
  const to = drawing.pick(['002', '077']);
  const { edits, old, at } = rewrite(drawing, bb(drawing.recipe), {
    line: /^do_compile\[umask\] = "(.*)"$/m,
    by: () => `do_compile[umask] = "${to}"`,
  });
  return { what: 'a flag', edits, truth: { kind: 'variable', name: 'do_compile[umask]', from: old, to, at } };
};

const packageConfig: Draw = (drawing) => {
  const { edits, at } = added(drawing, drawing.localConf, `PACKAGECONFIG:pn-${drawing.recipe} = "ssl zip"`);
  const [from, to] = ['--with-ssl --without-zip', '--with-ssl --with-zip'];
  return {
    what: 'PACKAGECONFIG',
    edits,
    truth: { kind: 'variable', name: 'PACKAGECONFIG_CONFARGS', from, to, at },
  };
};

const feature: Draw = (drawing) => {
  const { edits, at } = added(drawing, drawing.localConf, 'DISTRO_FEATURES:append = " loud"');
  const truth = {
    kind: 'variable' as const,
    name: 'DISTRO_FEATURES',
    from: 'without loud',
    to: 'with loud',
    at,
  };
  return { what: 'DISTRO_FEATURES', edits, truth };
};

const hostTool: Draw = (drawing) => {
  const to = `gcc 12.2 ${drawing.word()}`;
  return {
    what: 'gcc',
    edits: new Map([['/usr/bin/gcc', `${to}\n`]]),
    truth: { kind: 'hosttool', name: 'gcc', told: to, at: '/usr/bin/gcc' },
  };
};

const taskAdded: Draw = (drawing) => {
  const path = bb(drawing.recipe);
  const name = `do_${drawing.word()}`;
  const text = drawing.read(path);
  const more = `\naddtask ${name} after do_compile before do_install\n${name}() {\n\t:\n}\n`;
  const at = `${path}:${text.split('\n').length + 2}`;
  return {
    what: 'a new task',
    edits: new Map([[path, text + more]]),
    truth: { kind: 'task-added', name, at, quiet: true },
  };
};

const taskRemoved: Draw = (drawing) => {
  const { edits } = rewrite(drawing, bb(drawing.recipe), { line: /^addtask extra .*\n/m, by: () => '' });
  return { what: 'a task less', edits, truth: { kind: 'task-removed', name: 'do_extra', quiet: true } };
};

const dependencyAdded: Draw = (drawing) => {
  const name = drawing.recipe === 'other' ? 'base-lib' : 'other';
  const { edits, at } = rewrite(drawing, bb(drawing.recipe), {
    line: /^DEPENDS = "(.*)"$/m,
    by: ([, old]) => `DEPENDS = "${old} ${name}"`,
  });
  return { what: 'a new dependency', edits, truth: { kind: 'dependency', name, told: 'now needed', at } };
};

export const dependencyRemoved: Draw = (drawing) => {
  const { edits, old, at } = rewrite(drawing, bb(drawing.recipe), {
    line: /^DEPENDS = "(.*)"$/m,
    by: () => 'DEPENDS = ""',
  });
  if (old === '') return drawNothing(drawing);
  return {
    what: 'a dependency less',
    edits,
    truth: { kind: 'dependency', name: old, told: 'no longer needed', at },
  };
};

/** What nothing depends on. */
export const drawNothing: Draw = (drawing) => {
  const path = bb(drawing.recipe);
  const edits = drawing.pick<Change['edits']>([
    added(drawing, path, `# ${drawing.word()}`).edits,
    added(drawing, path, `UNUSED = "${drawing.word()}"`).edits,
    added(drawing, drawing.localConf, `UNUSED = "${drawing.word()}"`).edits,
    added(drawing, `recipes/${drawing.recipe}.inc`, '').edits,
    new Map([[`recipes/${drawing.recipe}/NOTES`, 'not in SRC_URI\n']]),
    new Map([[path, `# first\n\n${drawing.read(path)}`]]),
  ]);
  return { what: 'nothing that counts', edits, truth: undefined };
};

const recipeFile = ({ recipe }: Drawing): string => bb(recipe);
const greeting = (): string => 'classes/greeting.bbclass';

/** Every kind of change, by a name that a failing test tells. */
export const draws: readonly Draw[] = [
  setVariable('LEVEL', recipeFile),
  setVariable('INC_FLAG', ({ recipe }) => `recipes/${recipe}.inc`),
  setVariable('LOCAL_FLAG', ({ localConf }) => localConf),
  setVariable('CLASS_FLAG', greeting, '?='),
  overridden,
  appendedByOverride,
  appendedInConf,
  removedInConf,
  bbappend,
  flag,
  packageConfig,
  feature,
  setLine('helper', /^\t(echo help.*)$/m, recipeFile),
  setLine('speak', /^\t(echo speak.*)$/m, greeting),
  setLine('do_install', /^\t(install more)$/m, recipeFile),
  source,
  newSource,
  patch,
  newPatch,
  upgrade,
  upstream,
  hostTool,
  taskAdded,
  taskRemoved,
  dependencyAdded,
  dependencyRemoved,
];
