/** Extended attributes where the disk cannot have them, or the programs that set them are gone. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { type History, openHistory } from '../../lib/history/history.ts';
import type { XattrTools } from '../../lib/ports/xattr-tools.ts';
import { listEntries } from '../../lib/trees/list-entries.ts';
import { memoryFileSystem } from '../support/memory-world.ts';
import { diskHistory, git } from '../support/real-git.ts';

afterEach(() => vi.useRealTimers());

const scope = { exclude: [], image: 'image' };

/** A disk that has these attributes and takes no others. */
function having(attributes: Readonly<Record<string, string>>): XattrTools & { readonly asked: string[][] } {
  const asked: string[][] = [];
  return {
    asked,
    read: (_, paths) => {
      asked.push([...paths]);
      const words = new Map(Object.entries(attributes).filter(([path]) => paths.includes(path)));
      return { words, acls: [] };
    },
    write: (_, wanted) => wanted,
  };
}

function open(dir: string, xattrs?: XattrTools): History {
  const [gitDir, workdir] = [join(dir, 'history.git'), join(dir, 'work')];
  return openHistory({ fs, gitDir, workdir, now: () => 0, ...(xattrs && { xattrs }) });
}

function record(history: History): ReturnType<History['commit']> {
  const { tree } = history.snapshot(scope);
  const commit = history.commit({ tree, parents: [], subject: 'x', trailers: [], time: 1 });
  history.setHead(commit);
  return commit;
}

test('what a disk refuses is not taken for changed, now or after another checkout, and goes with its file', () => {
  const { dir, workdir } = diskHistory();
  for (const name of ['capable', 'plain']) fs.writeFileSync(join(workdir, name), name);
  const capability = 'xattr.security.capability=AQAAAgAgAAAAAAAAAAAAAAAAAAA=';
  const plain = record(open(dir, having({})));
  const dressed = record(open(dir, having({ capable: capability })));
  expect(git(join(dir, 'history.git'), 'show', `${dressed}:.varve/metadata`)).toBe(
    `./capable type=file ${capability}\n`,
  );
  for (const xattrs of [having({}), undefined]) {
    const history = open(dir, xattrs);
    history.checkout(plain, scope);
    expect(history.changed(scope)).toBeUndefined();
    for (let round = 0; round < 2; round++) {
      history.checkout(dressed, scope);
      expect([history.changed(scope), open(dir, xattrs).changed(scope)]).toEqual([undefined, undefined]);
      fs.writeFileSync(join(workdir, 'plain'), `edited ${round}`);
      expect(history.changed(scope)).toBeDefined();
    }
    history.checkout(plain, scope);
    expect([history.changed(scope), fs.existsSync(join(dir, 'history.git/varve/owners'))]).toEqual([
      undefined,
      false,
    ]);
  }
});

test('the disk is asked for attributes of what was touched since the last look, and of nothing else', () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_700_000_000_123 });
  const disk = memoryFileSystem();
  disk.mkdirSync('/work/d', { recursive: true });
  for (const name of ['a', 'b']) disk.writeFileSync(`/work/${name}`, name);
  disk.symlinkSync('a', '/work/link');
  const words = 'xattr.user.x=MQ==';
  const xattrs = having({ a: words, d: words });
  const reopened = (): History =>
    openHistory({ fs: disk, gitDir: '/history.git', workdir: '/work', now: () => Date.now(), xattrs });
  const kept = reopened();
  const seen = (
    history: History,
  ): { readonly asked: readonly string[]; readonly having: readonly string[] } => {
    xattrs.asked.length = 0;
    const { tree } = history.snapshot(scope);
    const dressed = listEntries(history.objects, tree).filter((entry) => entry.xattrs === words);
    return { asked: xattrs.asked.flat().toSorted(), having: dressed.map(({ path }) => path) };
  };
  expect(seen(kept)).toEqual({ asked: ['a', 'b', 'd'], having: ['a', 'd'] });
  vi.setSystemTime(Date.now() + 1000);
  // They had been written just before the first look.
  expect(seen(kept)).toEqual({ asked: ['a', 'b', 'd'], having: ['a', 'd'] });
  for (const history of [kept, reopened()]) expect(seen(history)).toEqual({ asked: [], having: ['a', 'd'] });
  disk.writeFileSync('/work/d/new', '');
  disk.writeFileSync('/work/b', 'c');
  expect(seen(reopened())).toEqual({ asked: ['b', 'd', 'd/new'], having: ['a', 'd'] });
  // A clock that was set back proves nothing.
  vi.setSystemTime(Date.now() - 3_600_000);
  expect(seen(reopened()).asked).toEqual(['a', 'b', 'd', 'd/new']);
});

test('attributes of a file that is closed to its owner are recorded', () => {
  const memory = memoryFileSystem();
  memory.mkdirSync('/work');
  memory.writeFileSync('/work/closed', 'x');
  memory.chmodSync('/work/closed', 0o111);
  const xattrs = having({ closed: 'xattr.user.note=eA==' });
  const history = openHistory({ fs: memory, gitDir: '/history.git', workdir: '/work', now: () => 0, xattrs });
  const { tree } = history.snapshot(scope);
  expect(listEntries(history.objects, tree)).toEqual([
    expect.objectContaining({ path: 'closed', mode: 0o111, xattrs: 'xattr.user.note=eA==' }),
  ]);
});
