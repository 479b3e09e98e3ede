import { expect, test } from 'vitest';
import { openBuilds } from '../../lib/history/builds.ts';
import { encodeCommit, encodeTree } from '../../lib/history/object-format.ts';
import { AUTHOR } from '../../lib/history/task-commits.ts';
import { blameFile } from '../../lib/operations/blame-file.ts';
import { catFile } from '../../lib/operations/cat-file.ts';
import { checkRecord } from '../../lib/operations/check-record.ts';
import { diffRevisions } from '../../lib/operations/diff-revisions.ts';
import { exportHistory } from '../../lib/operations/export-history.ts';
import { importHistory } from '../../lib/operations/import-history.ts';
import { logRevision } from '../../lib/operations/log-revision.ts';
import { restoreRevision } from '../../lib/operations/restore-revision.ts';
import { showRevision } from '../../lib/operations/show-revision.ts';
import type { TreeEntry } from '../../lib/ports/objects.ts';
import type { ObjectId, TreeId } from '../../lib/terms/ids.ts';
import { objectId } from '../../lib/trees/object-id.ts';
import {
  chain,
  colleague,
  file,
  files,
  importInto,
  members,
  type Pieces,
  receiver,
  refusal,
} from '../support/colleague.ts';
import { buildDir, memoryBuild } from '../support/memory-build.ts';

test('a failed build is looked at elsewhere as where it was made', async () => {
  const from = await colleague();
  const to = await receiver(from);
  expect(importInto(to)).toMatchObject({ name: 'ann', builds: [1], recipes: ['x86_64/app', 'x86_64/lib'] });
  expect(logRevision(to.world, { ...chain, rev: 'app@ann@1' }, () => {})).toEqual(
    logRevision(from.world, { ...chain, rev: 'app@1' }, () => {}),
  );
  const shown = showRevision(to.world, { buildDir, rev: 'app@ann:compile@failed' });
  expect(shown).toEqual({
    ...showRevision(from.world, { buildDir, rev: 'app:compile@failed' }),
    rev: 'app@ann:do_compile@failed',
  });
  expect(JSON.stringify(shown)).toContain('it broke');
  expect(showRevision(to.world, { buildDir, rev: '@ann@1' })).toEqual(
    showRevision(from.world, { buildDir, rev: '@1' }),
  );
  expect((await to.why('app@ann@1:compile')).task).toBe('app:do_compile');
});

test('trees of an import are read, blamed, restored, and compared with one’s own', async () => {
  const to = await receiver();
  importInto(to);
  await to.build('lib');
  const path = 'usr/share/lib';
  const read = (rev: string): string => catFile(to.world, { buildDir, rev, path }).bytes.toString();
  expect(read('lib@ann@1')).toBe(read('lib@1'));
  expect(diffRevisions(to.world, { buildDir, revs: ['lib@ann@1', 'lib'], paths: [] }).files).toEqual([]);
  const blamed = blameFile(to.world, { buildDir, rev: 'lib@ann@1:compile', path: 'compiled' }, () => {});
  expect(blamed.lines).toMatchObject([{ line: 1, task: 'do_compile', build: 1 }]);
  restoreRevision(to.world, { buildDir, rev: 'lib@ann@1:compile', dir: '/out' });
  expect(to.world.fs.readdirSync('/out')).toContain('compiled');
});

test('nothing that was imported is ever a cache hit, and fsck finds it whole', async () => {
  const fresh = memoryBuild({ files: files('echo app') });
  const ran = await fresh.ran('lib');
  const to = await receiver();
  importInto(to);
  expect(await to.ran('lib')).toEqual(ran);
  expect(checkRecord(to.world, { buildDir })).toMatchObject({ checked: { builds: 1 }, damaged: [] });
});

test('an import that has lost a HEAD, or the names of its builds, is damaged', async () => {
  const to = await receiver();
  importInto(to);
  const dir = `${buildDir}/imports/ann`;
  const damaged = (): readonly string[] =>
    checkRecord(to.world, { buildDir }).damaged.map(({ place, what, hints }) =>
      [place.slice(buildDir.length), what, ...hints].join(': '),
    );
  const forgotten = `rm -r ${dir}   forgets what was imported as ann`;
  to.world.fs.rmSync(`${dir}/x86_64/lib.git/HEAD`);
  expect(damaged()).toEqual([expect.stringMatching(/^\/imports\/ann\/x86_64\/lib\.git.*HEAD.*forgets/)]);
  for (const names of ['packed-refs', 'refs'])
    to.world.fs.rmSync(`${dir}/builds.git/${names}`, { recursive: true, force: true });
  expect(damaged()).toContain(`/imports/ann/builds.git: it names no build any more: ${forgotten}`);
});

test('one task is exported with what it stands on, and with no other recipe', async () => {
  const from = await colleague();
  const { recipes } = exportHistory(from.world, { buildDir, revs: ['app:compile@failed'], file });
  expect(recipes).toEqual(['x86_64/app']);
  const to = await receiver(from);
  importInto(to);
  const log = logRevision(to.world, { ...chain, rev: 'app@ann:compile@failed' }, () => {});
  expect(log.map(({ task, ok }) => `${task} ${ok}`)).toContain('do_compile false');
  expect(() => catFile(to.world, { buildDir, rev: 'lib@ann@1:compile', path: 'compiled' })).toThrow(
    'lib:do_compile of build 1 is not in what was imported as ann',
  );
});

test('a name is taken in once, and an import that is not there is told with those that are', async () => {
  const to = await receiver();
  importInto(to);
  expect(() => importInto(to)).toThrow("there is an import called 'ann' already");
  expect(() => showRevision(to.world, { buildDir, rev: '@anne@1' })).toThrow(
    "there is no import called 'anne'",
  );
  expect(() => importHistory(to.world, { buildDir, file, name: '../up' })).toThrow(
    "'../up' cannot be the name of an import",
  );
});

test('the same part of a record makes the same file', async () => {
  const { world } = await colleague();
  exportHistory(world, { buildDir, revs: ['@1'], file: '/again.varve' });
  expect(world.fs.readFileSync('/again.varve')).toEqual(world.fs.readFileSync(file));
});

const treeOf = (...entries: readonly TreeEntry[]): readonly [string, Buffer] => {
  const body = encodeTree(entries);
  return [`x86_64/lib/tree/${objectId('tree', body)}`, body];
};

test('what no export writes is refused whole: names, paths, objects, trees', async () => {
  const to = await receiver();
  const whole = members(to);
  const [head = ['', Buffer.alloc(0)]] = whole;
  const isLib = (name: string): boolean => name.startsWith('x86_64/lib/');
  const before = whole.filter(([name]) => !isLib(name));
  const lib = whole.filter(([name]) => isLib(name));
  const [someBlob = ''] = lib.find(([name]) => name.includes('/blob/')) ?? [];
  const blob = someBlob.slice(-40) as ObjectId;
  const withLib = (...added: Pieces): Pieces => [
    ...before,
    ...lib.filter(([name]) => !name.endsWith('/refs')),
    ...added,
  ];
  const fileAt = (name: string): TreeEntry => ({ mode: 0o100644, name, oid: blob });
  const refs = (text: string): readonly [string, Buffer] => ['x86_64/lib/refs', Buffer.from(text)];
  const commit = lib.find(([name]) => name.includes('/commit/'))?.[0].slice(-40) ?? '';

  to.world.fs.writeFileSync('/plain', 'DISTRO = "x"\n');
  expect(() => importHistory(to.world, { buildDir, file: '/plain', name: 'plain' })).toThrow(
    'it is not compressed, as what is exported is',
  );
  expect(refusal(to, whole.slice(1))).toBe('it was not written by "varve history export"');
  expect(refusal(to, [head, ['../../.bashrc', Buffer.from('x')]])).toMatch('which no export writes');
  expect(refusal(to, [head, ['x86_64/lib/config', Buffer.from('[core]')]])).toMatch('which no export writes');
  expect(refusal(to, [head, ['x86_64/lib/hooks/post-checkout', Buffer.from('x')]])).toMatch(
    'which no export writes',
  );
  expect(refusal(to, [[head[0], Buffer.from('{"repositories":["builds","../../up"]}')]])).toBe(
    'what it says of itself is damaged',
  );
  expect(refusal(to, [head])).toBe('it has nothing of builds');
  expect(
    refusal(
      to,
      whole.filter(([name]) => name !== someBlob),
    ),
  ).toBe('object # needs blob #, which does not come before it');
  expect(
    refusal(
      to,
      whole.map(([name, bytes]) => (name === someBlob ? [name, Buffer.from('other')] : [name, bytes])),
    ),
  ).toBe('object # is not what its name says');
  expect(refusal(to, withLib(treeOf(fileAt('.git'))))).toBe('tree # holds ".git" of mode 100644');
  expect(refusal(to, withLib(treeOf(fileAt('../up'))))).toMatch("a tree holds the name '../up'");
  expect(refusal(to, withLib(treeOf(fileAt('a'), fileAt('a'))))).toBe('tree # is not as git writes trees');
  expect(refusal(to, withLib(treeOf({ ...fileAt('a'), mode: 0o160000 })))).toBe(
    'tree # holds "a" of mode 160000',
  );
  expect(refusal(to, withLib(refs(`${commit} refs/tags/../../HEAD\n`)))).toMatch('it gives the name');
  expect(refusal(to, withLib(refs(`${commit} refs/replace/${commit}\n`)))).toMatch('it gives the name');
  expect(refusal(to, withLib(refs(`${blob} refs/tags/do_compile\n`)))).toBe(
    'its name refs/tags/do_compile leads to no commit in it',
  );
  expect(refusal(to, withLib(refs(`${commit} refs/tags/do_compile@0123456789ab\n`)))).toMatch(
    /lib\.git: do_compile@# names/,
  );
  expect(refusal(to, withLib([`x86_64/lib/runs/${'1'.repeat(40)}`, Buffer.from('{}')]))).toBe(
    'it tells of commit #, which it does not hold',
  );
});

test('what would only be found when it is restored, or shown, is refused too', async () => {
  const to = await receiver();
  const whole = members(to);
  const blobOf = (text: string): readonly [string, Buffer] => {
    const body = Buffer.from(text, 'latin1');
    return [`x86_64/lib/blob/${objectId('blob', body)}`, body];
  };
  const idOf = ([name]: readonly [string, Buffer]): ObjectId => name.slice(-40) as ObjectId;
  const at = whole.findIndex(([name]) => name.startsWith('x86_64/lib/'));
  const withLib = (...added: Pieces): Pieces => whole.toSpliced(at, 0, ...added);

  const attributes = blobOf('a'.repeat(3000));
  const named = treeOf({ mode: 0o100644, name: '.gitattributes', oid: idOf(attributes) });
  expect(refusal(to, withLib(attributes, named))).toBe('tree # holds ".gitattributes" of mode 100644');

  for (const [list, why] of [
    ['./../up type=fifo\n', 'the metadata of a tree names the path ../up'],
    ['./.git type=dir stored=varve%.git\n', 'the metadata of a tree names .git at its top'],
    ['./a type=file hardlink=./../../etc/passwd\n', 'the metadata of a tree names the path ../../etc/passwd'],
    ['./a type=fifo\n./a/b type=dir\n', 'the tree and its metadata contradict each other at a'],
    [`./${'d/'.repeat(400_000)}d type=dir\n`, 'the metadata of a tree names the path d/d/d/'],
  ] as const) {
    const blob = blobOf(list);
    const own = treeOf({ mode: 0o100644, name: 'metadata', oid: idOf(blob) });
    const top = treeOf({ mode: 0o40000, name: '.varve', oid: idOf(own) });
    const body = encodeCommit({
      tree: idOf(top) as TreeId,
      parents: [],
      message: 'x\n',
      time: 1,
      author: AUTHOR,
    });
    const commit = [`x86_64/lib/commit/${objectId('commit', body)}`, body] as const;
    expect(refusal(to, withLib(blob, own, top, commit))).toMatch(why);
  }
});

test('a build of a recipe whose name a shell would obey is refused', async () => {
  const to = await receiver();
  const evil = memoryBuild({ files: {} });
  const builds = openBuilds({ fs: evil.world.fs, gitDir: `${buildDir}/history/builds.git` });
  const tasks = `do_compile ${'a'.repeat(64)} -\n`;
  builds.record({
    number: 1,
    ok: true,
    when: 0,
    message: 'build 1: x',
    build: '',
    recipes: new Map([['x86_64/x; rm -r ~', { files: new Map([['tasks', tasks]]) }]]),
  });
  exportHistory(evil.world, { buildDir, revs: ['@1'], file });
  to.world.fs.writeFileSync(file, evil.world.fs.readFileSync(file));
  expect(() => importInto(to)).toThrow('it tells of "x86_64/x; rm -r ~", which no build has');
});

test('a few trees that unfold without end are refused', async () => {
  const to = await receiver();
  const whole = members(to);
  const blob = whole.find(([name]) => name.startsWith('x86_64/lib/blob/'))?.[0].slice(-40) as ObjectId;
  const at = whole.findIndex(([name]) => name === 'x86_64/lib/refs');
  const trees: (readonly [string, Buffer])[] = [treeOf({ mode: 0o100644, name: 'a', oid: blob })];
  for (let level = 0; level < 40; level++) {
    const oid = trees.at(-1)?.[0].slice(-40) as ObjectId;
    trees.push(treeOf(...['a', 'b', 'c'].map((name) => ({ mode: 0o40000, name, oid }))));
  }
  expect(refusal(to, whole.toSpliced(at, 0, ...trees))).toBe('tree # unfolds to more than any WORKDIR holds');
});

test('a file of which any byte is another is refused, or holds the same', async () => {
  const to = await receiver();
  const { fs } = to.world;
  const whole = fs.readFileSync(file);
  for (let step = 0; step < 60; step++) {
    const bytes = Buffer.from(whole);
    const at = Math.floor((step / 60) * bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ 0x11;
    fs.writeFileSync(file, step % 5 === 4 ? whole.subarray(0, at) : bytes);
    expect(() => {
      const { dir } = importInto(to);
      fs.rmSync(dir, { recursive: true });
      throw new Error('cannot be taken in: it was the same');
    }).toThrow(/cannot be taken in: /);
  }
});
