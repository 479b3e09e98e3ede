import { expect, test } from 'vitest';
import type { Entry } from '../../lib/ports/objects.ts';
import { artifactTree } from '../../lib/trees/artifact-tree.ts';
import { listEntries } from '../../lib/trees/list-entries.ts';
import { writeEntries } from '../../lib/trees/write-entries.ts';
import { memoryObjects } from '../support/memory-objects.ts';

test('any directory of a WORKDIR can be an artifact: it stands alone, with rights, links and odd names', () => {
  const objects = memoryObjects();
  const oid = objects.writeBlob(Buffer.from('text'));
  const workdir: readonly Entry[] = [
    { path: 'build', kind: 'dir', mode: 0o755 },
    { path: 'build/made', kind: 'file', mode: 0o644, oid },
    { path: 'deploy', kind: 'dir', mode: 0o755 },
    { path: 'deploy/.git', kind: 'dir', mode: 0o755 },
    { path: 'deploy/.git/config', kind: 'file', mode: 0o644, oid },
    { path: 'deploy/also', kind: 'file', mode: 0o644, oid, hardlinkTo: 'build/made' },
    { path: 'deploy/empty', kind: 'dir', mode: 0o700 },
    { path: 'deploy/made', kind: 'file', mode: 0o644, oid, hardlinkTo: 'build/made' },
    { path: 'deploy/secret', kind: 'file', mode: 0o4750, oid },
    { path: 'deploy/twin', kind: 'file', mode: 0o4750, oid, hardlinkTo: 'deploy/secret' },
  ];
  const { tree } = writeEntries(objects, workdir);
  expect(listEntries(objects, artifactTree(objects, tree, 'deploy'))).toEqual([
    { path: 'image', kind: 'dir', mode: 0o755 },
    { path: 'image/.git', kind: 'dir', mode: 0o755 },
    { path: 'image/.git/config', kind: 'file', mode: 0o644, oid },
    { path: 'image/also', kind: 'file', mode: 0o644, oid },
    { path: 'image/empty', kind: 'dir', mode: 0o700 },
    { path: 'image/made', kind: 'file', mode: 0o644, oid, hardlinkTo: 'image/also' },
    { path: 'image/secret', kind: 'file', mode: 0o4750, oid },
    { path: 'image/twin', kind: 'file', mode: 0o4750, oid, hardlinkTo: 'image/secret' },
  ]);
  expect(listEntries(objects, artifactTree(objects, tree, 'nowhere'))).toEqual([]);
});
