/** `bisect --over inputs` with the real program and a real compiler. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { testWith } from '../support/needs.ts';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

const minutes = { timeout: 600_000 };
const test = testWith({ programs: ['gcc', 'patch'] });

const mainC = [
  '#include <stdio.h>',
  '#include "limit.h"',
  '#include "say.h"',
  'int main(void) {',
  '\tprintf("%s limit=%d level=%d fast=%d\\n", WORD, LIMIT, LEVEL, FAST);',
  '\treturn 0;',
  '}',
  '',
].join('\n');

const patchOf = (file: string, from: string, to: string): string =>
  [`--- a/${file}`, `+++ b/${file}`, '@@ -1 +1 @@', `-${from}`, `+${to}`, ''].join('\n');

interface State {
  readonly word: string;
  readonly limit: number;
  readonly level: number;
  readonly fast: number;
  /** Changes that change nothing of what the program says. */
  readonly noise: string;
  readonly patches: readonly string[];
}

const good: State = { word: 'calm', limit: 1, level: 1, fast: 0, noise: 'old', patches: ['one.patch'] };

/** A program whose library, header, patch, variable and function each have a part in what it says. */
function write(w: Workspace, { word, limit, level, fast, noise, patches }: State): void {
  w.write('recipes/files/main.c', mainC);
  w.write('recipes/files/limit.h', `#define LIMIT ${limit}\n`);
  w.write('recipes/files/notes.txt', `${noise}\n`);
  w.write('recipes/files/say.txt', 'nothing\n');
  w.write('recipes/files/one.patch', patchOf('say.txt', 'nothing', noise));
  w.write('recipes/files/two.patch', patchOf('limit.h', `#define LIMIT ${limit}`, '#define LIMIT 99'));
  w.write(
    'recipes/say_1.bb',
    `SRC_URI = ""
do_install() {
	install -d \${D}\${includedir}
	echo '#define WORD "${word}"' > \${D}\${includedir}/say.h
}
`,
  );
  w.write(
    'recipes/app_1.bb',
    `DEPENDS = "say"
SRC_URI = "file://main.c file://limit.h file://notes.txt file://say.txt ${patches.map((name) => `file://${name}`).join(' ')}"
S = "\${UNPACKDIR}"
LEVEL = "${level}"
MARK = "${noise}"
do_compile() {
	: ${noise}
	\${CC} \${CPPFLAGS} \${CFLAGS} -DLEVEL=\${LEVEL} $(speed) main.c -o app \${LDFLAGS}
}
speed() {
	echo -DFAST=${fast}
}
do_install() {
	install -D app \${D}\${bindir}/app
	echo "\${MARK}" > \${D}/mark
	install -m 644 notes.txt \${D}/notes
}
CFLAGS:append = " -DNOISE_${noise}"
LDFLAGS:append = " -Wl,--defsym=noise_${noise}=1"
`,
  );
}

function builtBoth(bad: State): Workspace {
  const w = makeWorkspace({ files: {} });
  for (const state of [good, bad]) {
    write(w, state);
    expect(w.varve('build', '-q', 'app')).toMatchObject({ status: 0 });
  }
  return w;
}

interface Found {
  readonly inputs: readonly { readonly kind: string; readonly name: string; readonly to?: string }[];
  readonly changed: number;
  readonly unproven: readonly unknown[];
  readonly unmixed: readonly unknown[];
  readonly predicateRuns: number;
  readonly builds: number;
  readonly tasksRun: number;
}

function found(w: Workspace, rev: string, ...command: string[]): Found {
  const ran = w.varve(
    'bisect',
    rev,
    '--over',
    'inputs',
    '--good',
    '@1',
    '--bad',
    '@2',
    '--json',
    '--',
    ...command,
  );
  expect({ status: ran.status, error: ran.status === 0 ? '' : ran.stderr }).toEqual({ status: 0, error: '' });
  return JSON.parse(ran.stdout) as Found;
}

const says = (what: string): readonly string[] => ['sh', '-c', `./usr/bin/app | grep -qv ${what}`];

const names = ({ inputs }: Found): readonly string[] => inputs.map(({ kind, name }) => `${kind} ${name}`);

const bad: State = { word: 'wild', limit: 2, level: 2, fast: 1, noise: 'new', patches: ['one.patch'] };

test('each kind of input is found among ten, and what was built once is not built again', minutes, () => {
  const w = builtBoth(bad);
  for (const [what, cause] of [
    ['level=2', 'variable LEVEL'],
    ['fast=1', 'function speed'],
    ['limit=2', 'file limit.h'],
    ['wild', 'dependency say'],
  ] as const) {
    const result = found(w, 'app', ...says(what));
    expect(names(result)).toEqual([cause]);
    expect(result).toMatchObject({ changed: 10, unproven: [], unmixed: [] });
    expect(result.predicateRuns).toBeLessThanOrEqual(2 + 2 * Math.log2(10) + 3);
  }
  expect(found(w, 'app', ...says('wild'))).toMatchObject({ predicateRuns: 0, builds: 0, tasksRun: 0 });
  // The user's own builds and layers are as they were.
  expect(JSON.parse(w.varve('builds', '--json').stdout)).toHaveLength(2);
});

test('two and three causes that only together make the difference are all named', minutes, () => {
  const w = builtBoth(bad);
  expect(names(found(w, 'app', 'sh', '-c', './usr/bin/app | grep -qv "limit=2.*fast=1"'))).toEqual([
    'function speed',
    'file limit.h',
  ]);
  expect(names(found(w, 'app', 'sh', '-c', './usr/bin/app | grep -qv "wild limit=2 level=2"'))).toEqual([
    'variable LEVEL',
    'file limit.h',
    'dependency say',
  ]);
});

test('a patch that is new is a cause', minutes, () => {
  const w = builtBoth({ ...bad, limit: 1, patches: ['one.patch', 'two.patch'] });
  expect(names(found(w, 'app', 'sh', '-c', './usr/bin/app | grep -qv limit=99'))).toEqual(['file two.patch']);
});

test('where one input differs no mixture is built, and none is pointed to', minutes, () => {
  const w = builtBoth(bad);
  const ends = ['--over', 'inputs', '--good', '@1', '--bad', '@2'];
  const { stdout } = w.varve('bisect', 'say', ...ends, '--', 'grep', '-q', 'calm', 'usr/include/say.h');
  expect(stdout).toMatch(/^1 of 1 changed input makes say bad .*; no task ran\)\nfunction do_install: /);
  expect(stdout).toMatch(/\nnext: varve diff say@1 say@2\n$/);
});

test('neither the metadata of now nor artifacts are needed, only the record', minutes, () => {
  const w = builtBoth(bad);
  write(w, { word: 'else', limit: 7, level: 9, fast: 5, noise: 'third', patches: [] });
  rmSync(w.path('artifacts'), { recursive: true });
  const result = found(w, 'app', 'sh', '-c', './usr/bin/app | grep -qv "wild.*level=2"');
  expect(names(result)).toEqual(['variable LEVEL', 'dependency say']);
  expect(result).toMatchObject({ unproven: [], unmixed: [] });
});

test('in an image it is a recipe that came to it, or one that is made otherwise', minutes, () => {
  const w = makeWorkspace({ files: {} });
  const part = (name: string, text: string): void =>
    w.write(
      `recipes/${name}_1.bb`,
      plainRecipe({ do_install: `install -d \${D}/etc; echo ${text} > \${D}/etc/${name}` }),
    );
  const image = (...parts: readonly string[]): void =>
    w.write('recipes/whole_1.bb', `inherit image\nIMAGE_INSTALL = "${parts.join(' ')}"\n`);
  for (const [text, parts] of [
    ['one', ['a', 'b']],
    ['two', ['a', 'b', 'c']],
  ] as const) {
    for (const name of ['a', 'b', 'c']) part(name, text);
    image(...parts);
    expect(w.varve('build', '-q', 'whole')).toMatchObject({ status: 0 });
  }
  const why = (...command: string[]): readonly string[] => names(found(w, 'whole', ...command));
  expect(why('grep', '-q', 'one', 'etc/a')).toEqual(['dependency a']);
  expect(why('test', '!', '-e', 'etc/c')).toEqual(['dependency c']);
});

test('a mixture that cannot be built is passed over, and what it needs is told as unproven', minutes, () => {
  const w = makeWorkspace({ files: {} });
  const app = (level: number, check: string, further: string): void =>
    w.write(
      'recipes/app_1.bb',
      plainRecipe(
        { do_compile: check, do_install: 'install -d ${D}/usr; echo ${LEVEL} > ${D}/usr/level' },
        `LEVEL = "${level}"\nMODE = "${level}"\n${further}`,
      ),
    );
  // Level 2 is refused where MODE is not 2, too.
  const check = 'test ${LEVEL} = 1 || test ${MODE} = 2';
  for (const level of [1, 2]) {
    app(level, check, `NOISE = "${level}"\ndo_install:append() {\n\t: \${NOISE}\n}\n`);
    expect(w.varve('build', '-q', 'app')).toMatchObject({ status: 0 });
  }
  const result = found(w, 'app', 'grep', '-q', '1', 'usr/level');
  expect(names(result)).toEqual(['variable LEVEL', 'variable MODE']);
  expect(result.unproven).toMatchObject([{ kind: 'variable', name: 'MODE' }]);
});

test('builds of an import are searched over builds, not in mixtures', minutes, () => {
  const w = builtBoth(bad);
  expect(w.varve('history', 'export', '@1', '@2', 'both.tar').status).toBe(0);
  expect(w.varve('history', 'import', 'both.tar', '--as', 'ann').status).toBe(0);
  const ran = w.varve(
    'bisect',
    'app',
    '--over',
    'inputs',
    '--good',
    '@ann@1',
    '--bad',
    '@ann@2',
    '--',
    'true',
  );
  expect(ran).toMatchObject({ status: 2 });
  expect(ran.stderr).toContain('nothing of an import is ever run');
  expect(ran.stderr).toContain('searches the imported builds themselves');
});

testWith({ programs: ['git'] })('a commit of each source in git is an input like others', minutes, () => {
  const w = makeWorkspace({ files: {} });
  const sources = [
    { name: 'app', dir: join(w.top, 'app.git') },
    { name: 'notes', dir: join(w.top, 'notes/app.git') },
  ];
  const git = (dir: string, ...args: string[]): string =>
    execFileSync('git', ['-C', dir, '-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', ...args], {
      encoding: 'utf8',
    }).trim();
  for (const { dir } of sources) {
    mkdirSync(dir, { recursive: true });
    git(dir, 'init', '-q', '-b', 'main');
  }
  for (const word of ['one', 'two']) {
    const written = sources.map(({ name, dir }) => {
      writeFileSync(join(dir, 'word'), `${word}\n`);
      git(dir, 'add', '-A');
      git(dir, 'commit', '-q', '-m', word);
      const uri = `git://${dir};protocol=file;branch=main;name=${name};destsuffix=from/${name}`;
      return `SRC_URI += "${uri}"\nSRCREV_${name} = "${git(dir, 'rev-parse', 'HEAD')}"\n`;
    });
    w.write(
      'recipes/app_1.bb',
      `${written.join('')}S = "\${UNPACKDIR}/from/app"
MARK = "${word}"
do_install() {
	install -D -m 644 word \${D}/word
	cp ../notes/word \${D}/note
	echo \${MARK} > \${D}/mark
}
`,
    );
    expect(w.varve('build', '-q', 'app')).toMatchObject({ status: 0 });
  }
  const result = found(w, 'app', 'grep', '-q', 'one', 'word');
  expect(result.inputs).toMatchObject([{ kind: 'source', name: 'git://…/app.git#app' }]);
  expect(result).toMatchObject({ changed: 3, unproven: [], unmixed: [] });
  const commits = ['bisect', 'app', '--over', 'commits', '--good', '@1', '--bad', '@2'];
  expect(w.varve(...commits, '--', 'true').stderr).toContain('--repo name=notes');
  const notes = w.varve(...commits, '--repo', 'name=notes', '--', 'grep', '-q', 'one', 'note');
  expect(notes.stdout).toMatch(/^source git:.*#notes: ".*" → ".*" /m);
});
