/** `edit finish` and `edit drop` of what was typed while a task ran, on files in memory. */
import { expect, test } from 'vitest';
import { diffRevisions } from '../../lib/operations/diff-revisions.ts';
import { dropEdits } from '../../lib/operations/drop-edits.ts';
import { finishEdits, type Finished } from '../../lib/operations/finish-edits.ts';
import type { World } from '../../lib/ports/world.ts';
import type { BuildRequest } from '../../lib/terms/build-request.ts';
import { VarveError } from '../../lib/terms/varve-error.ts';
import { buildIn, engineWorld } from '../support/memory-engine.ts';

const lib = (compile = ''): string => `S = "\${B}"
FILESPATH = "/layer/lib"
do_unpack() {
	emit \${B}/source as-it-is as-it-was
}
do_compile() {
${compile}	emit \${B}/object as-it-is @\${B}/source
}
do_install() {
	emit \${D}/share/lib as-it-is @\${B}/object
}
`;
const source = '/build/tmp/work/any/lib/b/source';
const forced = { force: true, task: 'do_compile' };

/** A world in which somebody types while do_compile runs, and how that ends. */
function typing(on: World, text: string, ends: 'well' | 'badly' | 'stopped'): World {
  let stop = (): void => {};
  const onInterrupt: World['onInterrupt'] = (handler) => {
    stop = handler;
    return () => {};
  };
  const taskRunner: World['taskRunner'] = (...asked) => {
    const runner = on.taskRunner(...asked);
    const run: typeof runner.run = async (request) => {
      const done = await runner.run(request);
      on.fs.writeFileSync(source, text);
      if (ends === 'stopped') stop();
      return ends === 'well' ? done : { exitCode: 1, signal: null };
    };
    return { ...runner, run };
  };
  return { ...on, taskRunner, onInterrupt };
}

const build = async (on: World, asked: Partial<BuildRequest> = {}): Promise<void> => {
  await buildIn(on, 'lib', () => {}, asked);
};

const finish = (on: World, also: readonly string[] = []): Promise<Finished> =>
  finishEdits(
    on,
    {
      buildDir: '/build',
      recipe: 'lib',
      layer: undefined,
      also,
      message: 'x',
      author: 'Ann <ann@example.org>',
    },
    () => {},
  );

const patchOf = ({ fs }: World, { patches: [patch] }: Finished): readonly string[] =>
  fs.readFileSync(patch?.file ?? '', 'utf8').match(/^[-+](?![-+]).*$/gm) ?? [];

const refusal = async (on: World): Promise<string> => {
  const error = await finish(on).catch((thrown: unknown) => thrown);
  if (!(error instanceof VarveError)) throw error;
  return [error.message, ...error.hints].join('\n');
};

test.each(['well', 'badly', 'stopped'] as const)(
  'what was typed on while a task ran that ended %s is in the patch, and dropping names it',
  async (ends) => {
    const [finished, dropped] = [engineWorld({ 'lib_1.0.bb': lib() }), engineWorld({ 'lib_1.0.bb': lib() })];
    for (const on of [finished, dropped]) {
      await build(on);
      on.fs.writeFileSync(source, 'first');
      await build(on, forced);
      await build(typing(on, 'second', ends), forced);
      expect(on.fs.readFileSync(source, 'utf8')).toBe('second');
    }
    expect(patchOf(finished, await finish(finished))).toEqual(['-as-it-was', '+second']);
    const { kept } = await dropEdits(dropped, { buildDir: '/build', recipe: 'lib' }, () => {});
    expect(dropped.fs.readFileSync(source, 'utf8')).toBe('as-it-was');
    const shown = diffRevisions(dropped, { buildDir: '/build', revs: [`lib:${kept.at(-1)}`], paths: [] });
    expect(shown.files.map(({ path }) => path)).toContain('b/source');
  },
);

test('what was typed while a task failed, with no edits in force before, is finished as the WORKDIR shows it', async () => {
  const on = engineWorld({ 'lib_1.0.bb': lib() });
  await build(on);
  await build(typing(on, 'typed', 'badly'), forced);
  expect(patchOf(on, await finish(on))).toEqual(['-as-it-was', '+typed']);
});

test('where nothing tells what was typed from what a task did that failed, finish refuses and names it', async () => {
  const on = engineWorld({ 'lib_1.0.bb': lib() });
  await build(on, { task: 'do_unpack' });
  await build(typing(on, 'typed', 'badly'));
  expect(await refusal(on)).toBe(
    'b/source of lib was changed while do_compile ran, which did not come to its end: nothing tells whether it was typed, or is of the task; nothing was changed\n' +
      'varve diff lib:edited@1 -- b/source   shows it\n' +
      'varve edit finish lib --also b/source   takes it as typed\n' +
      'varve edit drop lib   gives it up; it stays in the record',
  );
  expect(on.fs.readFileSync(source, 'utf8')).toBe('typed');
  expect(patchOf(on, await finish(on, ['b/source']))).toEqual(['-as-it-was', '+typed']);
});

test('what a task does to a source is no part of the patch, whether it was ever built without edits or not', async () => {
  const on = engineWorld({ 'lib_1.0.bb': lib('	emit ${B}/source as-it-is made\n') });
  await build(on, { task: 'do_unpack' });
  on.fs.writeFileSync(source, 'typed');
  await build(on, forced);
  const finished = await finish(on);
  expect(patchOf(on, finished)).toEqual(['-as-it-was', '+typed']);
  expect(finished.left).toEqual([{ path: 'b/source', why: 'changed while a task ran' }]);
  expect(finished.kept).toEqual(['edited@1', 'edited@2']);
});
