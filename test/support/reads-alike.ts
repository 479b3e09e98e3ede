/** What isomorphic-git reads in a repository that git has found sound. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';

/**
 * Lists what isomorphic-git does not read as git does: names, `git show-ref --head` having told which there are, and the
 * commits and trees that they lead to. An object that hashes to its id has the content that git found there.
 */
export async function readOtherwise(gitdir: string, told: readonly string[]): Promise<readonly string[]> {
  const { listRefs, readObject, resolveRef } = await import('isomorphic-git');
  const cache = {};
  const names = [
    'HEAD',
    ...(await listRefs({ fs, gitdir, filepath: 'refs' })).map((name: string) => `refs/${name}`),
  ];
  const resolved = async (ref: string): Promise<string> =>
    `${await resolveRef({ fs, gitdir, ref }).catch(() => 'nothing')} ${ref}`;
  const theirs = await Promise.all(names.map(resolved));
  // HEAD that names no commit yet is not told.
  const faults = theirs.filter((line) => !told.includes(line) && line !== 'nothing HEAD');
  faults.push(...told.filter((line) => !theirs.includes(line)));

  // What git itself looks up before it follows a commit to its parents.
  const list = join(gitdir, 'shallow');
  const shallow = new Set(fs.existsSync(list) ? fs.readFileSync(list, 'utf8').split('\n') : []);
  const seen = new Set<string>();
  const next = told.map((line) => line.split(' ')[0] ?? '');
  for (let oid = next.pop(); oid !== undefined; oid = next.pop()) {
    if (seen.has(oid)) continue;
    seen.add(oid);
    const read = await readObject({ fs, gitdir, oid, cache, format: 'content' });
    const bytes = Buffer.from(read.object as Uint8Array);
    const sha1 = createHash('sha1').update(`${read.type} ${bytes.length}\0`).update(bytes);
    if (sha1.digest('hex') !== oid) faults.push(`${oid} has other content`);
    // It parses no tree with a backslash in a name.
    if (read.type === 'blob' || (read.type === 'tree' && bytes.includes('\\'))) continue;
    const { object } = await readObject({ fs, gitdir, oid, cache, format: 'parsed' });
    if (read.type === 'commit') {
      const { tree, parent } = object as { readonly tree: string; readonly parent: readonly string[] };
      next.push(tree, ...(shallow.has(oid) ? [] : parent));
      continue;
    }
    const entries = object as readonly Entry[];
    if (textOf(entries) !== textOf(entriesIn(bytes))) faults.push(`${oid} has other entries`);
    next.push(...entries.filter(({ type }) => type === 'tree').map((entry) => entry.oid));
  }
  return faults.map((fault) => `${gitdir}: isomorphic-git: ${fault}`);
}

interface Entry {
  readonly mode: string;
  readonly path: string;
  readonly oid: string;
  readonly type?: string;
}

function textOf(entries: readonly Entry[]): string {
  return entries
    .map(({ mode, path, oid }) => `${mode.padStart(6, '0')} ${oid} ${path}`)
    .toSorted()
    .join('\n');
}

/** Of a tree as git writes it; names taken for UTF-8, as isomorphic-git does. */
function entriesIn(tree: Buffer): readonly Entry[] {
  const entries: Entry[] = [];
  for (let at = 0; at < tree.length;) {
    const [blank, nul] = [tree.indexOf(' ', at), tree.indexOf(0, at)];
    entries.push({
      mode: tree.toString('latin1', at, blank),
      path: tree.toString('utf8', blank + 1, nul),
      oid: tree.toString('hex', nul + 1, nul + 21),
    });
    at = nul + 21;
  }
  return entries;
}
