/** `bisect --over inputs` with the real program and a real compiler. */
import { expect } from 'vitest';
import { testWith } from '../support/needs.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

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

function found(w: Workspace, ...command: string[]): Found {
  const ran = w.varve(
    'bisect',
    'app',
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
    const result = found(w, ...says(what));
    expect(names(result)).toEqual([cause]);
    expect(result).toMatchObject({ changed: 10, unproven: [], unmixed: [] });
    expect(result.predicateRuns).toBeLessThanOrEqual(2 + 2 * Math.log2(10) + 3);
  }
  expect(found(w, ...says('wild'))).toMatchObject({ predicateRuns: 0, builds: 0, tasksRun: 0 });
  // The user's own builds and layers are as they were.
  expect(JSON.parse(w.varve('builds', '--json').stdout)).toHaveLength(2);
});

test('two and three causes that only together make the difference are all named', minutes, () => {
  const w = builtBoth(bad);
  expect(names(found(w, 'sh', '-c', './usr/bin/app | grep -qv "limit=2.*fast=1"'))).toEqual([
    'function speed',
    'file limit.h',
  ]);
  expect(names(found(w, 'sh', '-c', './usr/bin/app | grep -qv "wild limit=2 level=2"'))).toEqual([
    'variable LEVEL',
    'file limit.h',
    'dependency say',
  ]);
});

test('a patch that is new is a cause', minutes, () => {
  const w = builtBoth({ ...bad, limit: 1, patches: ['one.patch', 'two.patch'] });
  expect(names(found(w, 'sh', '-c', './usr/bin/app | grep -qv limit=99'))).toEqual(['file two.patch']);
});
