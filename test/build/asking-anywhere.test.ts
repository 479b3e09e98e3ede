import {
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  mkdirSync,
  existsSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

/** Two builds of a recipe, whose result differs. */
function built(env: Readonly<Record<string, string>> = {}): Workspace {
  const recipe = (word: string): string =>
    plainRecipe({
      do_compile: `echo "${word} said, which nobody has by chance" > out`,
      do_install: 'install -D out ${D}/usr/share/app',
    });
  const w = makeWorkspace({ files: { 'recipes/app_1.bb': recipe('one') }, env });
  expect(w.varve('build', '-q', 'app').said).toMatch(/^build 1 ok/);
  w.write('recipes/app_1.bb', recipe('two'));
  expect(w.varve('build', '-q', 'app').said).toMatch(/^build 2 ok/);
  return w;
}

/** Every question, with `@` for the builds of the record that is meant, and what its answer has in it. */
const questions: readonly (readonly [answer: string, ...words: string[]])[] = [
  ['usr/share/app', 'diff', 'app@1', 'app@2'],
  ['sources/out', 'diff', 'app@2:compile', '--name-status'],
  ['do_install', 'log', 'app@2'],
  ['sources/out', 'log', 'app@2', '--', 'usr/share/app'],
  ['used by', 'show', 'app@2:compile'],
  ['two said', 'cat', 'app@2', 'usr/share/app'],
  ['do_compile', 'blame', 'app@2', 'usr/share/app'],
  ['do_compile', 'why', 'app@1:compile', 'app@2:compile'],
  ['build 2', 'bisect', 'app', '--good', '1', '--bad', '2', '--', 'grep', '-q', 'one', 'usr/share/app'],
  ['', 'restore', 'app@2:compile', 'restored'],
  ['two said', 'shell', 'app@2:compile', '--', 'cat', 'out'],
];

const meantIn = (words: readonly string[], name: string): readonly string[] =>
  words[0] === 'bisect'
    ? words.map((word) => (/^[12]$/.test(word) ? `@${name}@${word}` : word))
    : words.map((word) => word.replace(/^app@/, `app@${name}@`));

function expectAnswers(w: Workspace, name?: string): void {
  const failed = questions.flatMap(([answer, ...words]) => {
    const ran = w.varve(...(name === undefined ? words : meantIn(words, name)));
    rmSync(w.path('restored'), { recursive: true, force: true });
    return ran.status === 0 && ran.stdout.includes(answer) ? [] : [`${words.join(' ')}: ${ran.said}`];
  });
  expect(failed).toEqual([]);
}

test('every question is answered where the WORKDIR is gone', () => {
  const w = built();
  rmSync(w.path('tmp'), { recursive: true });
  expectAnswers(w);
  expect(w.varve('verify', 'app').status).toBe(0);
});

test('every question is answered where there is no git', () => {
  const bin = join(makeWorkspace().top, 'bin');
  mkdirSync(bin);
  for (const dir of (process.env['PATH'] ?? '').split(delimiter).filter((each) => existsSync(each)))
    for (const name of readdirSync(dir))
      if (!name.startsWith('git') && !existsSync(join(bin, name)))
        symlinkSync(join(dir, name), join(bin, name));
  const w = built({ PATH: bin });
  expectAnswers(w);
  expect(w.varve('verify', 'app').status).toBe(0);
});

test('every question is answered of builds that another machine wrote', () => {
  const there = built();
  const file = join(there.top, 'there.varve-history');
  expect(there.varve('history', 'export', '@1', '@2', file).status).toBe(0);
  const here = makeWorkspace({ files: { 'recipes/app_1.bb': there.read('../layer/recipes/app_1.bb') } });
  expect(here.varve('history', 'import', file, '--as', 'ann').status).toBe(0);
  expectAnswers(here, 'ann');
});

test('where an object is damaged, each question that needs it names it', () => {
  const w = built();
  const oid = w.git('app', 'rev-parse', 'do_install:sources/out').trim();
  const [arch = ''] = readdirSync(w.path('history')).filter((name) => !name.endsWith('.git'));
  const objects = w.path('history', arch, 'app.git', 'objects');
  const loose = join(objects, oid.slice(0, 2), oid.slice(2));
  const bytes = readFileSync(loose);
  rmSync(loose);
  writeFileSync(loose, Buffer.from(bytes.map((byte, i) => (i === bytes.length - 6 ? byte ^ 255 : byte))));
  rmSync(w.path('tmp'), { recursive: true });
  const needing = questions.filter(([, command]) => !['log', 'why', 'show'].includes(command ?? ''));
  const wrong = needing.flatMap(([, ...words]) => {
    const { status, stderr } = w.varve(...words);
    const isTold = status === 2 && stderr.includes(`is damaged: object ${oid.slice(0, 12)}`);
    return isTold || words.includes('--name-status') ? [] : [`${words.join(' ')}: ${status} ${stderr}`];
  });
  expect(wrong).toEqual([]);
});
