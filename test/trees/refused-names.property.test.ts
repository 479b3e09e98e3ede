/** Names made of all that git looks for, in trees that git itself checks. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openObjectStore } from '../../lib/history/object-store.ts';
import { openRefs } from '../../lib/history/refs.ts';
import { createRepository } from '../../lib/history/repository.ts';
import type { Entry } from '../../lib/ports/objects.ts';
import { listEntries } from '../../lib/trees/list-entries.ts';
import { writeEntries } from '../../lib/trees/write-entries.ts';
import { git, scratchDirectory } from '../support/real-git.ts';

const cores = ['git', 'gitmodules', 'gitattributes', 'gitignore', 'mailmap'].map((name) => `.${name}`);
const shorts = ['git', 'gitmod', 'gi7eba', 'gitatt', 'gi7d29', 'gitign', 'gi250a', 'mailma', 'maba30'];
const ignored = ['\u00e2\u0080\u008c', '\u00e2\u0080\u00aa', '\u00e2\u0081\u00af', '\u00ef\u00bb\u00bf'];

const shortName = fc
  .tuple(
    fc.constantFrom(...shorts),
    fc.nat(6),
    fc.constantFrom('1', '2', '4', '5', '9', '10', '123', '0', '~1', 'x'),
  )
  .map(([stem, length, number]) => `${stem.slice(0, length)}~${number}`);
const core = fc.oneof(
  fc.constantFrom(...cores),
  fc.constantFrom(...shorts.map((stem) => `${stem}~1`)),
  shortName,
);
/** A name in other letters, with characters in it that some file systems do not see. */
const disguised = fc
  .tuple(core, fc.nat(), fc.option(fc.tuple(fc.constantFrom(...ignored), fc.nat(16))))
  .map(([name, letters, seen]) => {
    const cased = name
      .split('')
      .map((c, i) => ((letters >> i) & 1 ? c.toUpperCase() : c))
      .join('');
    return seen === null ? cased : cased.slice(0, seen[1]) + seen[0] + cased.slice(seen[1]);
  });
const name = fc
  .tuple(
    fc.constantFrom('', '', '', ' ', '.', '.\\', 'x\\', '..\\', 'varve%'),
    disguised,
    fc.constantFrom('', '', '', ' ', '.', '. .', ':', '::$DATA', ' .:x', '\\', '\\x', '/x', 'x', '%'),
  )
  .map((parts) => parts.join('').replaceAll('/', ''));

/** What git looks for in files of these names: in its modules a command, in attributes a line that is too long. */
const hostile = `[submodule "../x"]\n\tpath = -x\n\turl = -u./x\n\tupdate = !x\n${'a'.repeat(2500)}\n`;

test('whatever files, links and directories are called, git takes their tree, and true names come back', () => {
  const dir = scratchDirectory();
  const gitDir = join(dir, 'a.git');
  createRepository(fs, gitDir, { bare: true });
  const objects = openObjectStore(fs, gitDir);
  const oid = objects.writeBlob(Buffer.from(hostile, 'latin1'));
  const names = [...new Set(fc.sample(name, { seed: 1, numRuns: 6000 }))].toSorted();
  const top = ['dir', 'file', 'link'].map((path): Entry => ({ path, kind: 'dir', mode: 0o755 }));
  const entries: readonly Entry[] = [
    ...top,
    ...names.flatMap((each): readonly Entry[] => [
      { path: `dir/${each}`, kind: 'dir', mode: 0o755 },
      { path: `dir/${each}/x`, kind: 'file', mode: 0o644, oid },
      { path: `file/${each}`, kind: 'file', mode: 0o644, oid },
      { path: `link/${each}`, kind: 'symlink', mode: 0o777, oid },
    ]),
  ].toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const { tree } = writeEntries(objects, entries);
  const commit = objects.writeCommit({ tree, parents: [], message: 'x\n', time: 1, author: 'a <a@b>' });
  openRefs(fs, gitDir).write('refs/heads/main', commit);

  expect(names.length).toBeGreaterThan(2000);
  expect(git(gitDir, 'fsck', '--strict')).toBe('');
  const strict = ['-c', 'core.protectNTFS=true', '-c', 'core.protectHFS=true'];
  expect(() => git(gitDir, ...strict, 'read-tree', commit)).not.toThrow();
  expect(listEntries(objects, tree)).toEqual(entries);
});
