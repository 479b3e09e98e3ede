/** Trees and commits as git writes them. */
import type { Commit, TreeEntry } from '../ports/objects.ts';
import { GIT_MODE } from '../terms/git-mode.ts';
import { byCodeUnit, type CommitId, type ObjectId, type TreeId } from '../terms/ids.ts';
import { Damage } from './damage.ts';

/** The entries in the order in which a tree has them: a directory as if its name ended in a slash. */
export function inTreeOrder(entries: readonly TreeEntry[]): readonly TreeEntry[] {
  const key = (entry: TreeEntry): string =>
    entry.mode === GIT_MODE.directory ? `${entry.name}/` : entry.name;
  return entries
    .map((entry) => ({ entry, key: key(entry) }))
    .toSorted((a, b) => byCodeUnit(a.key, b.key))
    .map(({ entry }) => entry);
}

/** Writes a tree of entries that are in its order. */
export function encodeTree(entries: readonly TreeEntry[]): Buffer {
  const length = entries.reduce(
    (sum, entry) => sum + entry.mode.toString(8).length + entry.name.length + 22,
    0,
  );
  const bytes = Buffer.allocUnsafe(length);
  let at = 0;
  for (const entry of entries) {
    at += bytes.write(`${entry.mode.toString(8)} ${entry.name}\0`, at, 'latin1');
    at += bytes.write(entry.oid, at, 'hex');
  }
  return bytes;
}

/** Reads a tree. Refuses names that no directory can hold: the bytes may come from anywhere. */
export function parseTree(bytes: Buffer): readonly TreeEntry[] {
  // As a whole, since to ask a buffer costs more than the answer.
  const [text, hex] = [bytes.toString('latin1'), bytes.toString('hex')];
  const entries: TreeEntry[] = [];
  for (let at = 0; at < text.length;) {
    const space = text.indexOf(' ', at);
    const end = text.indexOf('\0', space);
    if (space === -1 || end === -1 || end + 21 > text.length) throw new Damage('a tree ends early');
    const name = text.slice(space + 1, end);
    if (name === '' || name === '.' || name === '..' || name.includes('/'))
      throw new Damage(`a tree holds the name '${name}'`);
    const mode = Number.parseInt(text.slice(at, space), 8);
    entries.push({ mode, name, oid: hex.slice(2 * end + 2, 2 * end + 42) as ObjectId });
    at = end + 21;
  }
  return entries;
}

/** Writes a commit. */
export function encodeCommit(commit: Commit): Buffer {
  const date = `${commit.time} +0000`;
  const lines = [
    `tree ${commit.tree}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${commit.author} ${date}`,
    `committer ${commit.committer ?? commit.author} ${date}`,
    '',
    commit.message,
  ];
  return Buffer.from(lines.join('\n'), 'utf8');
}

/** Reads a commit, whoever wrote it; the time is the committer's. */
export function parseCommit(bytes: Buffer): Commit {
  const text = bytes.toString('utf8');
  const end = text.indexOf('\n\n');
  const headers = (end === -1 ? text : text.slice(0, end)).split('\n');
  // One after the other: a question about a thousand builds reads a thousand commits.
  const parents: CommitId[] = [];
  let [tree, wrote, committed]: (string | undefined)[] = [];
  for (const line of headers) {
    if (line.startsWith('parent ')) parents.push(line.slice(7) as CommitId);
    else if (line.startsWith('tree ')) tree ??= line.slice(5);
    else if (line.startsWith('author ')) wrote ??= line.slice(7);
    else if (line.startsWith('committer ')) committed ??= line.slice(10);
  }
  if (tree === undefined) throw new Damage('a commit names no tree');
  const [author, committer] = [nameIn(wrote), nameIn(committed)];
  const commit = {
    tree: tree as TreeId,
    parents,
    author,
    time: Number(/> (\d+)/.exec(committed ?? '')?.[1] ?? 0),
    message: end === -1 ? '' : text.slice(end + 2),
  };
  return committer === author ? commit : { ...commit, committer };
}

function nameIn(line: string | undefined): string {
  return /^(.*>) /.exec(line ?? '')?.[1] ?? '';
}
