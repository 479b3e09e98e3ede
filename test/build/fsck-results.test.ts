/** What `varve fsck` says where things contradict each other of which each is whole. */
import { expect, test } from 'vitest';
import { AUTHOR } from '../../lib/history/task-commits.ts';
import { exportHistory } from '../../lib/operations/export-history.ts';
import { importHistory } from '../../lib/operations/import-history.ts';
import { logRevision } from '../../lib/operations/log-revision.ts';
import { restoreRevision } from '../../lib/operations/restore-revision.ts';
import type { CommitId } from '../../lib/terms/ids.ts';
import { blobEntry } from '../../lib/trees/write-metadata.ts';
import { openBuilds } from '../../lib/history/builds.ts';
import { built, buildsGit, check, found, lib, libGit, tagged } from '../support/checked-build.ts';
import { buildDir, type MemoryBuild } from '../support/memory-build.ts';
import { plainRecipe } from '../support/workspace.ts';

test('metadata that its tree contradicts is found, but not in what a person committed', async () => {
  const memory = await built();
  const { objects, refs } = lib(memory);
  const list = './also type=file hardlink=./gone\n';
  const own = objects.writeTree(blobEntry(objects, 'metadata', list));
  const file = objects.writeBlob(Buffer.from('one'));
  const tree = objects.writeTree([
    { mode: 0o40000, name: '.varve', oid: own },
    { mode: 0o100644, name: 'also', oid: file },
  ]);
  const commit = (author: string): CommitId =>
    objects.writeCommit({ tree, parents: [], message: 'mine\n', author, time: 0 });
  refs.write('refs/tags/edited@1', commit('Somebody <somebody@host>'));
  expect(found(memory)).toEqual([]);
  refs.write('refs/tags/edited@2', commit(AUTHOR));
  expect(found(memory)).toEqual([
    'history/x86_64/lib.git: commit #: the tree and its metadata contradict each other at also',
  ]);
  const restore = (): unknown =>
    restoreRevision(memory.world, { buildDir, rev: 'lib:edited', dir: '/restored' });
  expect(restore).toThrow('contradict each other at also');
});

/** Writes a commit beside that of a task: all is the same, and the tree is another. */
function forged(memory: MemoryBuild, task: string, content: string): CommitId {
  const { objects } = lib(memory);
  const oid = objects.writeBlob(Buffer.from(content));
  const tree = objects.writeTree([{ mode: 0o100644, name: 'compiled', oid }]);
  return objects.writeCommit({ ...objects.readCommit(tagged(memory, task)), tree });
}

/** The names of lib that begin so. */
const namesOf = (memory: MemoryBuild, prefix: string): readonly string[] => [
  ...lib(memory).refs.list(`refs/tags/${prefix}`).keys(),
];

test('tags moved to another tree than builds tell of are found, and set right as the hints have it', async () => {
  const memory = await built();
  const { refs } = lib(memory);
  const [name, stamp] = namesOf(memory, 'do_compile');
  const right = tagged(memory, 'do_compile');
  for (const each of [name, stamp]) refs.write(each ?? '', forged(memory, 'do_compile', 'other'));
  expect(found(memory)).toEqual(
    ['do_compile', 'do_compile@#'].map(
      (tag) =>
        `history/x86_64/lib.git: ${tag} names commit #, of which no build tells; for the same inputs build 1 has # with another tree`,
    ),
  );
  for (const { hints } of check(memory).damaged) {
    const [, ref = '', to = ''] = / update-ref (\S+) (\S+) {3}/.exec(hints[0] ?? '') ?? [];
    refs.write(ref, to as CommitId);
  }
  expect(tagged(memory, 'do_compile')).toBe(right);
  expect(found(memory)).toEqual([]);
});

test('a tag of a success on a failure is found', async () => {
  const memory = await built();
  memory.write('recipes/lib_1.bb', plainRecipe({ do_compile: 'exit 1' }));
  await memory.build('lib');
  lib(memory).refs.write('refs/tags/do_compile', tagged(memory, 'do_compile@failed'));
  expect(found(memory)).toEqual(['history/x86_64/lib.git: do_compile names a failure']);
});

test('a build that names what is no result of its task, and no artifact of its inputs', async () => {
  const memory = await built();
  const builds = openBuilds({ fs: memory.world.fs, gitDir: buildsGit });
  const [, signature = ''] = /^do_compile (\S+)/m.exec(String(builds.file(1, 'x86_64/lib/tasks'))) ?? [];
  const artifact = String(builds.file(1, 'x86_64/lib/artifact'));
  const tasks = `do_compile ${signature} ${tagged(memory, 'do_unpack')}\ndo_install ${signature} -\n`;
  const work = tagged(memory, 'do_compile');
  const recipes = [
    [
      'x86_64/lib',
      {
        files: new Map([
          ['tasks', tasks],
          ['artifact', artifact],
        ]),
        work,
      },
    ],
  ] as const;
  builds.record({ number: 2, ok: true, when: 0, message: 'build 2: lib', build: '', recipes });
  expect(found(memory)).toEqual([
    'history/builds.git: in build 2 lib:do_install has the artifact of another signature',
    'history/builds.git: in build 2 the last state of lib is one that none of its tasks left',
    'history/builds.git: in build 2 lib:do_compile is commit #, which is no result of it for these inputs',
  ]);
  expect(check(memory).damaged[0]?.hints[0]).toMatch(/^mv /);
  await memory.build('app');
  expect(check(memory).damaged[0]?.hints).toEqual([
    `git --git-dir ${buildsGit} tag -d 2   forgets what is not so`,
  ]);
});

test('an export with a tag that builds contradict is not taken in', async () => {
  const memory = await built();
  const file = '/shared.varve';
  const other = forged(memory, 'do_compile', 'other');
  for (const name of [...namesOf(memory, 'do_compile@'), 'refs/varve/builds/1'])
    lib(memory).refs.write(name, other);
  exportHistory(memory.world, { buildDir, revs: ['@1'], file });
  expect(() => importHistory(memory.world, { buildDir, file, name: 'ann' })).toThrow(
    /cannot be taken in: lib\.git: do_compile@\w{12} names commit \w{12}, of which no build tells/,
  );
});

test('that all builds are gone is told where a history tells of a second one', async () => {
  const memory = await built();
  const { fs } = memory.world;
  memory.write('recipes/lib_1.bb', plainRecipe({ do_compile: 'echo lib', do_install: 'echo other' }));
  await memory.build('app');
  fs.renameSync(buildsGit, '/kept');
  expect(check(memory).damaged).toEqual([
    {
      place: buildsGit,
      what: expect.stringMatching(/^it is missing, and .* tells of build 2$/),
      hints: [expect.stringContaining('begins it anew')],
    },
  ]);
  fs.renameSync('/kept', buildsGit);
  fs.rmSync(`${libGit}/HEAD`);
  expect(() =>
    logRevision(memory.world, { buildDir, rev: 'lib', across: false, paths: [] }, () => {}),
  ).toThrow('HEAD is missing');
});
