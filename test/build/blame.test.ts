import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { blameFile, type BlamedLine } from '../../lib/operations/blame-file.ts';
import { logRevision } from '../../lib/operations/log-revision.ts';
import { createWorld } from '../../lib/world/world.ts';
import { git, scratchDirectory } from '../support/real-git.ts';
import { makeWorkspace, plainRecipe } from '../support/workspace.ts';
import { plantLayer, type Planted } from './planted-markers.ts';

const said = ({ recipe, task, patch }: Planted | BlamedLine): string =>
  `${recipe}:${task}${patch === undefined ? '' : ` ${patch}`}`;

test('of 500 planted lines and programs no claim is wrong, and nearly none is left open', () => {
  const planted = plantLayer(7, 4);
  const w = makeWorkspace({ files: planted.files });
  const built = w.varve('build', '-q', planted.image);
  expect(built.said).toMatch(/^build 1 ok/);
  const world = createWorld();
  const answers = planted.questions.flatMap(({ rev, path, binary }) =>
    blameFile(world, { buildDir: w.buildDir, rev, path }, () => {}).lines.flatMap((line) => {
      const [marker] = /MARK-\d+-\d+/.exec(line.text ?? '') ?? [];
      const truth = binary ?? planted.markers.get(marker ?? '');
      const where = `${rev} ${path}:${line.line}`;
      return truth === undefined ? [] : [{ where, truth: said(truth), claim: said(line), line }];
    }),
  );
  expect(answers.length).toBeGreaterThanOrEqual(500);
  const claims = answers.filter(({ line }) => line.task !== null);
  expect(claims.filter(({ truth, claim }) => truth !== claim)).toEqual([]);
  expect(answers.filter(({ line }) => line.task === null).map(({ where }) => where)).toEqual([]);
  expect(new Set(claims.map(({ line }) => line.build))).toEqual(new Set([1]));
});

/** Lines of which none is like another. */
const tale = (name: string, length = 12): string =>
  Array.from({ length }, (_, i) => `line ${i + 1} of ${name}\n`).join('');

/** Sources, and what patches make of them, each as git writes it. */
function patchedSources() {
  const sources: Readonly<Record<string, string>> = {
    'long.txt': tale('long'),
    'copied.txt': tale('copied'),
    'giving.txt': tale('giving'),
    'taking.txt': tale('taking'),
    'program.dat': '\0a program, which is no text',
    'gone.txt': tale('gone'),
    'large.txt': tale('large', 60_000),
  };
  const dir = scratchDirectory();
  const at = (name: string): string => join(dir, name);
  const change = (name: string, from: string, to: string): void =>
    writeFileSync(at(name), readFileSync(at(name), 'utf8').replace(from, to));
  const commit = (): void => {
    git(dir, 'add', '-A');
    git(dir, '-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', 'commit', '-qm', 'changed');
  };
  const changes: Readonly<Record<string, () => void>> = {
    'rename.patch': () => {
      renameSync(at('long.txt'), at('moved.txt'));
      change('moved.txt', 'line 7 of', 'LINE 7 of');
      renameSync(at('program.dat'), at('moved.dat'));
    },
    'copy.patch': () => {
      writeFileSync(at('copy.txt'), tale('copied').replace('line 2', 'LINE 2'));
    },
    'change.patch': () => change('moved.txt', 'line 3 of', 'LINE 3 of'),
    'again.patch': () => {
      mkdirSync(at('sub'));
      renameSync(at('moved.txt'), at('sub/again.txt'));
      change('sub/again.txt', 'line 9 of', 'LINE 9 of');
    },
    'lines.patch': () => {
      const moved = 'line 5 of giving\nline 6 of giving\nline 7 of giving\n';
      change('giving.txt', moved, '');
      change('taking.txt', 'line 5 of taking\n', moved);
    },
    'other.patch': () => {
      rmSync(at('gone.txt'));
      writeFileSync(at('come.txt'), tale('come'));
    },
    'large.patch': () => {
      renameSync(at('large.txt'), at('sub/large.txt'));
      change('sub/large.txt', 'line 4 of', 'LINE 4 of');
    },
  };
  git(dir, 'init', '-q');
  for (const [name, content] of Object.entries(sources)) writeFileSync(at(name), content);
  commit();
  const patches = Object.entries(changes).map(([name, make]): [string, string] => {
    make();
    commit();
    return [name, git(dir, 'format-patch', '-1', '-M', '-C', '--find-copies-harder', '--binary', '--stdout')];
  });
  return { sources, patches };
}

test('what patches moved is of who wrote it, as git blame says; what they copied is theirs', () => {
  const { sources, patches } = patchedSources();
  const entries = (dir: string, files: readonly (readonly [string, string])[]) =>
    files.map(([name, text]) => [`recipes/app/${dir}${name}`, text]);
  const w = makeWorkspace({
    files: {
      'recipes/app_1.bb': plainRecipe(
        {
          do_configure: 'mv sub/again.txt last.txt && sed -i "s/line 12/LINE 12/" last.txt',
          do_install:
            'install -D -t ${D}/etc last.txt copy.txt moved.dat && ln -s last.txt ${D}/etc/link.txt',
        },
        `SRC_URI = "file://src ${patches.map(([name]) => `file://${name}`).join(' ')}"\nS = "\${UNPACKDIR}/src"\n`,
      ),
      'recipes/all_1.bb': 'inherit image\nLICENSE = "MIT"\nIMAGE_INSTALL = "app"\n',
      ...Object.fromEntries([...entries('src/', Object.entries(sources)), ...entries('', patches)]),
    },
  });
  expect(w.varve('build', '-q', 'all').said).toMatch(/^build 1 ok/);
  const world = createWorld();
  const blamed = (rev: string, path: string): readonly BlamedLine[] =>
    blameFile(world, { buildDir: w.buildDir, rev, path }, () => {}).lines;
  for (const name of ['sub/again.txt', 'copy.txt', 'giving.txt', 'taking.txt', 'come.txt', 'sub/large.txt']) {
    const path = `sources/src/${name}`;
    const told = w.git('app', 'blame', '-l', '--root', '-s', 'do_patch', '--', path);
    const truth = told.split('\n').flatMap((line) => (line === '' ? [] : [line.slice(0, 40)]));
    expect([name, blamed('app:patch', path).map(({ commit }) => commit)]).toEqual([name, truth]);
  }
  const unpacked = 'app:do_unpack';
  const writers = Array.from({ length: 12 }, (_, i) =>
    i === 2
      ? 'app:do_patch change.patch'
      : i === 6
        ? 'app:do_patch rename.patch'
        : i === 8
          ? 'app:do_patch again.patch'
          : i === 11
            ? 'app:do_configure'
            : unpacked,
  );
  expect(blamed('app', 'etc/last.txt').map(said)).toEqual(writers);
  expect(blamed('all', 'etc/last.txt').map(said)).toEqual(writers);
  expect(blamed('all', 'etc/moved.dat').map(said)).toEqual([unpacked]);
  const throughLink = w.varve('blame', 'all', '/etc/link.txt');
  expect(throughLink.stdout).toBe(w.varve('blame', 'all', 'etc/last.txt').stdout);
  expect(throughLink.stderr).toBe(
    'note: /etc/link.txt leads by links to etc/last.txt: this is who wrote that\n',
  );
  const request = { buildDir: w.buildDir, rev: 'app', across: false, paths: ['etc/last.txt'] };
  const way = logRevision(world, request, () => {}).filter(({ recipe }) => recipe === undefined);
  expect(way.map(({ task, path, patches }) => ({ task, path, patches }))).toEqual([
    { task: 'do_unpack', path: 'sources/src/long.txt' },
    {
      task: 'do_patch',
      path: 'sources/src/sub/again.txt',
      patches: ['rename.patch', 'change.patch', 'again.patch'],
    },
    { task: 'do_configure', path: 'sources/src/last.txt' },
    { task: 'do_install' },
  ]);
});
