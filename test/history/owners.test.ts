import * as fs from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { GivenBack } from '../../lib/history/adopt-given.ts';
import type { History } from '../../lib/history/history.ts';
import type { CommitId } from '../../lib/terms/ids.ts';
import { diskHistory, git, reopen } from '../support/real-git.ts';

const scope = { exclude: ['temp'], image: 'image' };

function record(history: History): CommitId {
  const { tree } = history.snapshot(scope);
  const commit = history.commit({ tree, parents: [], subject: 'x', trailers: [], time: 1 });
  history.setHead(commit);
  return commit;
}

/** What fakeroot might tell of a file: its mode and owner. */
function given(
  history: History,
  files: Readonly<Record<string, readonly [mode: number, uid: number, gid: number]>>,
): GivenBack {
  const byInode = new Map(
    Object.entries(files).map(([path, [mode, uid, gid]]) => {
      const { dev, ino } = fs.lstatSync(join(history.workdir, path), { bigint: true });
      return [`${dev} ${ino}`, { mode, uid, gid }] as const;
    }),
  );
  return { byInode, xattrs: undefined };
}

test('owners stay with their files from commit to commit, and where the directory is copied', () => {
  const history = diskHistory();
  fs.mkdirSync(join(history.workdir, 'image'));
  for (const name of ['shadow', 'plain']) fs.writeFileSync(join(history.workdir, 'image', name), name);
  const before = record(history);
  expect(history.owners.adopt(scope, given(history, { 'image/shadow': [0o100640, 0, 42] }))).toEqual([]);
  const owned = record(history);
  const text = './shadow type=file mode=0640 gid=42\n';
  expect(git(history.gitDir, 'show', `${owned}:.varve/image`)).toBe(text);
  expect(history.changed(scope)).toBeUndefined();

  history.checkout(before, scope);
  expect([history.changed(scope), history.snapshot(scope).tree]).toEqual([
    undefined,
    history.objects.readCommit(before).tree,
  ]);
  history.checkout(owned, scope);
  expect(history.changed(scope)).toBeUndefined();
  const copy = `${history.dir}/copy`;
  fs.mkdirSync(copy);
  for (const name of ['work', 'history.git'])
    fs.cpSync(join(history.dir, name), join(copy, name), { recursive: true, preserveTimestamps: true });
  expect(reopen(copy).changed(scope)).toBeUndefined();
});

test('what is closed is open to a task under fakeroot, and closed again when nothing was done to it', () => {
  const history = diskHistory();
  const at = (name: string): string => join(history.workdir, name);
  fs.mkdirSync(at('private'));
  fs.writeFileSync(at('private/file'), 'x', { mode: 0o444 });
  fs.chmodSync(at('private'), 0);
  const commit = record(history);
  const told = history.owners.give(scope);
  expect([...told.values()].map(({ mode }) => mode.toString(8)).toSorted()).toEqual(['100444', '40000']);
  const mode = (name: string): number => fs.lstatSync(at(name)).mode & 0o777;
  expect([mode('private'), mode('private/file')]).toEqual([0o700, 0o644]);
  expect(history.owners.adopt(scope, { byInode: told, xattrs: undefined })).toEqual([]);
  expect(history.changed(scope)).toBeUndefined();
  expect(history.refs.head()).toBe(commit);
});

test('a file that has taken the inode of another is not taken for it', () => {
  const history = diskHistory();
  fs.mkdirSync(join(history.workdir, 'dir'));
  fs.writeFileSync(join(history.workdir, 'device'), '');
  const told = given(history, { dir: [0o100640, 7, 7], device: [0o020666, 0, 0] });
  expect(history.owners.adopt(scope, told)).toEqual(['device is a device and is not recorded']);
  expect(fs.readdirSync(history.workdir)).toEqual(['dir']);
  expect(fs.existsSync(join(history.gitDir, 'varve/owners'))).toBe(false);
});
