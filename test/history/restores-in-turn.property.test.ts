/** Who goes on from what was seen restores only what differs; what stands there then must be what was recorded. */
import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { parseGitIndex } from '../../lib/history/git-index.ts';
import { type History, openHistory } from '../../lib/history/history.ts';
import type { FileSystem } from '../../lib/ports/world.ts';
import type { CommitId } from '../../lib/terms/ids.ts';
import { memoryFileSystem } from '../support/memory-world.ts';
import { describe } from '../support/nasty-trees.ts';

const scope = { exclude: [], image: 'image' };

afterEach(() => vi.useRealTimers());

const historyAt = (fs: FileSystem, gitDir: string): History =>
  openHistory({ fs, gitDir, workdir: '/work', now: () => Date.now() });

function record(history: History): CommitId {
  const parent = history.refs.head();
  const { tree, times } = history.snapshot(scope, parent);
  const parents = parent === undefined ? [] : [parent];
  const commit = history.commit({ tree, parents, subject: 'x', trailers: [], time: 1 });
  history.notes.jot(commit, { times });
  history.setHead(commit);
  return commit;
}

// Memfs dates what is given another mode, as directories are in the end.
const OPEN = { mode: 0o755 };

/** All that stands there, and when files were written, by path. */
function stateOf(fs: FileSystem): unknown {
  return describe(fs, '/work').map((line) => {
    const [path] = JSON.parse(line) as readonly string[];
    const stat = fs.lstatSync(`/work/${path}`);
    return stat.isDirectory() ? line : `${line} ${Math.floor(stat.mtimeMs)}`;
  });
}

/** What the index says to be where, beside stats. */
function indexOf(fs: FileSystem, history: History): unknown {
  const index = parseGitIndex(fs.readFileSync(`${history.gitDir}/index`)) ?? [];
  return index.map(({ path, mode, oid }) => `${path} ${mode} ${oid}`);
}

const path = fc
  .tuple(fc.constantFrom('', 'much/', 'image/', 'a/', 'a/b/'), fc.constantFrom('a', 'b', '3', 'image'))
  .map((names) => names.join(''));
const deeds = ['write', 'make directory', 'remove', 'link', 'name again', 'close', 'open', 'touch'] as const;
const edit = fc.record({
  path,
  does: fc.constantFrom(...deeds),
  text: fc.constantFrom('', 'x', 'text'),
});
type Edit = ReturnType<typeof edit.generate>['value'];

/** Does what can be done there. */
function carryOut(fs: FileSystem, { path, does, text }: Edit): void {
  const at = `/work/${path}`;
  const ways: Record<Edit['does'], () => void> = {
    write: () => fs.writeFileSync(at, text, OPEN),
    remove: () => fs.rmSync(at, { recursive: true }),
    'make directory': () => fs.mkdirSync(at, { recursive: true }),
    link: () => fs.symlinkSync(text, at),
    close: () => fs.chmodSync(at, 0o700),
    open: () => fs.chmodSync(at, 0o755),
    touch: () => fs.utimesSync(at, 1_500_000_000, 1_500_000_000),
    'name again': () => fs.linkSync('/work/much/0', at),
  };
  try {
    ways[does]();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
}

const step = fc.record({
  edits: fc.array(edit, { maxLength: 8 }),
  /** Which of the states recorded so far is put back then; undefined: what is there is recorded. */
  back: fc.option(fc.nat(20), { nil: undefined }),
  minutes: fc.constantFrom(0, 60),
});

test('whatever was done since, what is put back is what was recorded, and the next look goes on from it', () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  fc.assert(
    fc.property(fc.array(step, { minLength: 4, maxLength: 14 }), (steps) => {
      vi.setSystemTime(1_700_000_000_000);
      const fs = memoryFileSystem();
      fs.mkdirSync('/work/much', { recursive: true });
      for (let file = 0; file < 40; file++) fs.writeFileSync(`/work/much/${file}`, String(file), OPEN);
      const history = historyAt(fs, '/warm.git');
      const recorded = [{ commit: record(history), state: stateOf(fs) }];
      for (const { edits, back, minutes } of steps) {
        vi.setSystemTime(Date.now() + minutes * 60_000 + 1000);
        for (const each of edits) carryOut(fs, each);
        const known = back === undefined ? undefined : recorded[back % recorded.length];
        if (known === undefined) recorded.push({ commit: record(history), state: stateOf(fs) });
        else {
          history.checkout(known.commit, scope);
          expect(stateOf(fs)).toEqual(known.state);
          expect(history.changed(scope)).toBeUndefined();
        }
        const tree = history.objects.readCommit(history.refs.head() as CommitId).tree;
        const other = historyAt(fs, '/other.git');
        expect(other.snapshot(scope).tree).toBe(tree);
        expect(indexOf(fs, history)).toEqual(indexOf(fs, other));
        // Another process, which has only what is on disk to go on from.
        expect(historyAt(fs, '/warm.git').changed(scope)).toBeUndefined();
      }
    }),
    { numRuns: 40 },
  );
});
