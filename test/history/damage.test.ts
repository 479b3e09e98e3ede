import * as disk from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openHistory } from '../../lib/history/history.ts';
import type { FileSystem } from '../../lib/ports/world.ts';
import type { CommitId } from '../../lib/terms/ids.ts';
import { VarveError } from '../../lib/terms/varve-error.ts';
import { listEntries } from '../../lib/trees/list-entries.ts';
import { memoryFileSystem } from '../support/memory-world.ts';
import { git, scratchDirectory } from '../support/real-git.ts';

const scope = { exclude: [], image: 'image' };

interface Place {
  readonly fs: FileSystem;
  readonly gitDir: string;
  readonly workdir: string;
}

const open = ({ fs, gitDir, workdir }: Place) => openHistory({ fs, gitDir, workdir, now: () => 0 });

/** Records two states of a WORKDIR with `count` files. */
function record(place: Place, count: number): void {
  const history = open(place);
  const { fs, workdir } = place;
  for (let i = 0; i < count; i++) {
    fs.mkdirSync(`${workdir}/d${i % 3}`, { recursive: true });
    fs.writeFileSync(`${workdir}/d${i % 3}/f${i}`, `text ${i}\n`.repeat(40));
  }
  for (const task of ['do_unpack', 'do_compile']) {
    fs.writeFileSync(`${workdir}/state`, task);
    const { tree, times } = history.snapshot(scope);
    const parent = history.refs.head();
    const parents = parent === undefined ? [] : [parent];
    const commit = history.commit({ tree, parents, subject: task, trailers: [], time: 1 });
    history.notes.set('times', new Map([[commit, times]]));
    history.refs.write(`refs/tags/${task}`, commit);
    history.setHead(commit);
  }
}

/** All that a history says, as text; reads every object that a name leads to. */
function everything(place: Place): string {
  const history = open(place);
  const lines: string[] = [`head ${history.refs.head()}`];
  for (const [name, oid] of history.refs.list('refs/tags/')) {
    const { tree, message } = history.objects.readCommit(oid);
    lines.push(`${name} ${message}`, history.notes.read('times', oid as CommitId)?.toString() ?? '');
    for (const { path, oid: content } of listEntries(history.objects, tree))
      lines.push(
        `${path} ${content === undefined ? '' : history.objects.readBlob(content).toString('latin1')}`,
      );
  }
  return lines.join('\n');
}

/** Files that may be damaged; packed-refs and the like have no checksum. */
function filesOf({ fs, gitDir }: Place): readonly string[] {
  const visit = (dir: string): string[] =>
    fs.readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
      const path = join(dir, entry.name);
      return entry.isDirectory() ? visit(path) : [path];
    });
  return [...visit(`${gitDir}/objects`), ...visit(`${gitDir}/refs`), `${gitDir}/HEAD`]
    .filter((path) => !/\.(rev|bitmap)$|commit-graph|objects\/info/.test(path))
    .toSorted();
}

type Damage = 'flip' | 'cut' | 'empty' | 'gone' | 'directory';

/** Damages a file, asks for everything, and puts the file back; answers what was said, undefined where all was right. */
function damaged(
  place: Place & { readonly right: string },
  path: string,
  how: { readonly kind: Damage; readonly at: number },
): unknown {
  const { fs } = place;
  const before = fs.readFileSync(path);
  const bytes = Buffer.from(before);
  const at = Math.floor(how.at * bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ 0x10;
  fs.rmSync(path);
  if (how.kind === 'flip') fs.writeFileSync(path, bytes);
  if (how.kind === 'cut') fs.writeFileSync(path, before.subarray(0, at));
  if (how.kind === 'empty') fs.writeFileSync(path, '');
  if (how.kind === 'directory') fs.mkdirSync(path);
  try {
    const said = everything(place);
    // A name that is gone, or has a directory in its place, is one that was never given: so git has it too.
    return said === place.right || how.kind === 'gone' || how.kind === 'directory'
      ? undefined
      : new Error(`something else was read:\n${said}`);
  } catch (error) {
    return error;
  } finally {
    fs.rmSync(path, { recursive: true, force: true });
    fs.writeFileSync(path, before);
  }
}

function neverMisleads(place: Place): void {
  const right = everything(place);
  const files = filesOf(place);
  const kinds: readonly Damage[] = ['flip', 'flip', 'flip', 'cut', 'empty', 'gone', 'directory'];
  fc.assert(
    fc.property(
      fc.constantFrom(...files),
      fc.constantFrom(...kinds),
      fc.double({ min: 0, max: 0.9999, noNaN: true }),
      (path, kind, at) => {
        const error = damaged({ ...place, right }, path, { kind, at });
        if (error === undefined) return;
        expect(error).toBeInstanceOf(VarveError);
        expect(error).toMatchObject({ fault: 'usage' });
        expect((error as VarveError).message).toMatch(/history\.git\S* is damaged: /);
        expect((error as VarveError).hints.join('\n')).toMatch(/^(varve fsck|rm -r|echo) /m);
      },
    ),
    { seed: 20260727, numRuns: 120 },
  );
}

test('whatever byte of a history is damaged, what is read is right, or one error names the place and what to do', () => {
  const place = { fs: memoryFileSystem(), gitDir: '/history.git', workdir: '/work' };
  record(place, 12);
  neverMisleads(place);
});

test('the same holds for packs and their indexes as git gc leaves them', () => {
  const dir = scratchDirectory();
  const place = { fs: disk, gitDir: join(dir, 'history.git'), workdir: join(dir, 'work') };
  record(place, 30);
  git(dir, '--git-dir', place.gitDir, 'gc', '-q', '--prune=now');
  neverMisleads(place);
});

test('a line of packed-refs that names nothing is not passed over', () => {
  const place = { fs: memoryFileSystem(), gitDir: '/history.git', workdir: '/work' };
  record(place, 1);
  open(place).refs.pack();
  place.fs.appendFileSync('/history.git/packed-refs', 'zz refs/tags/do_compile\n');
  expect(() => everything(place)).toThrow(
    '/history.git/packed-refs is damaged: it holds the line "zz refs/tags/do_compile"',
  );
});
