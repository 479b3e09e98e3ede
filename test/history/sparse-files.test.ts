import * as fs from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { memoryFileSystem } from '../support/memory-world.ts';
import { diskHistory } from '../support/real-git.ts';
import { writeContent } from '../../lib/history/write-content.ts';

const scope = { exclude: [], image: 'image' };
const MiB = 1 << 20;

/** Bytes that a file takes on the disk. */
const room = (path: string): number => fs.lstatSync(path).blocks * 512;

test('sparse files come back with their content, and take no more room than before', () => {
  const history = diskHistory();
  const at = (name: string): string => join(history.workdir, name);
  fs.writeFileSync(at('all-hole'), '');
  fs.truncateSync(at('all-hole'), 100 * MiB);
  const file = fs.openSync(at('islands'), 'w');
  for (const megabyte of [3, 40, 90]) fs.writeSync(file, `island ${megabyte}`, megabyte * MiB + 7);
  fs.closeSync(file);
  fs.writeFileSync(at('small'), Buffer.alloc(5000));
  const islands = fs.readFileSync(at('islands'));
  const { tree } = history.snapshot(scope);
  const commit = history.commit({ tree, parents: [], subject: 'x', trailers: [], time: 1 });
  for (const name of ['all-hole', 'islands', 'small']) fs.rmSync(at(name));
  history.checkout(commit, scope);

  expect(fs.readFileSync(at('islands')).equals(islands)).toBe(true);
  expect(fs.statSync(at('all-hole')).size).toBe(100 * MiB);
  expect(fs.readFileSync(at('all-hole')).every((byte) => byte === 0)).toBe(true);
  expect(fs.readFileSync(at('small'))).toEqual(Buffer.alloc(5000));
  expect(room(at('all-hole')) + room(at('islands'))).toBeLessThan(MiB);
  expect(history.changed(scope)).toBeUndefined();
});

test('whatever is zero in it, and in whatever pieces it comes, a file has the bytes that it should have', () => {
  const run = fc.record({
    zero: fc.boolean(),
    length: fc.constantFrom(0, 1, 4096, 65_535, 65_536, 65_537, 200_000),
  });
  fc.assert(
    fc.property(fc.array(fc.array(run, { maxLength: 4 }), { maxLength: 4 }), (pieces) => {
      const bytes = pieces.map((runs) =>
        Buffer.concat(runs.map(({ zero, length }) => Buffer.alloc(length, zero ? 0 : 'x'))),
      );
      const memory = memoryFileSystem();
      const fd = memory.openSync('/file', 'wx');
      writeContent(memory, fd, { size: 0, pieces: () => bytes });
      memory.closeSync(fd);
      expect(Buffer.concat(bytes).equals(memory.readFileSync('/file'))).toBe(true);
    }),
    { numRuns: 60 },
  );
});
