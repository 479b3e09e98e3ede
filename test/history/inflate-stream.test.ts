/** What git compressed and is too large for memory: read in pieces, whatever made the stream. */
import { createHash, randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { constants, deflateSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { listObjectFiles } from '../../lib/history/list-object-files.ts';
import { inflateStream } from '../../lib/history/inflate-stream.ts';
import { openObjectStore } from '../../lib/history/object-store.ts';
import { openRefs } from '../../lib/history/refs.ts';
import { createRepository } from '../../lib/history/repository.ts';
import type { ObjectId } from '../../lib/terms/ids.ts';
import { git, scratchDirectory } from '../support/real-git.ts';

const read =
  (stream: Buffer) =>
  (start: number, length: number): Buffer =>
    stream.subarray(start, start + length);

function inflated(stream: Buffer, size: number): Buffer {
  const pieces: Buffer[] = [];
  for (const piece of inflateStream(read(stream), { start: 0, size })) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

const lines = Buffer.from(Array.from({ length: 90_000 }, (_, i) => `line ${i} of a map file\n`).join(''));
const noise = randomBytes(1 << 16);
const contents = {
  nothing: Buffer.alloc(0),
  zeros: Buffer.alloc((2 << 20) + 1),
  text: lines,
  noise,
  'what comes again from as far back as can be': Buffer.concat([
    noise.subarray(0, 32_768),
    noise.subarray(0, 32_768),
  ]),
  all: Buffer.concat([lines, noise, Buffer.alloc(1 << 20, 'ab'), noise, lines]),
};
const strategies = ['Z_DEFAULT_STRATEGY', 'Z_FILTERED', 'Z_HUFFMAN_ONLY', 'Z_RLE', 'Z_FIXED'] as const;

test.each(Object.entries(contents))('%s is read from a stream of every level and strategy', (_, content) => {
  for (const level of [0, 1, 6, 9])
    for (const strategy of strategies) {
      const stream = deflateSync(content, { level, strategy: constants[strategy] });
      expect([level, strategy, inflated(stream, content.length).equals(content)]).toEqual([
        level,
        strategy,
        true,
      ]);
    }
});

test('a stream that anything was done to is refused, as zlib refuses it', () => {
  const content = Buffer.concat([lines.subarray(0, 3000), noise.subarray(0, 500)]);
  const change = fc.record({
    level: fc.constantFrom(0, 1, 9),
    at: fc.nat(4000),
    bit: fc.nat(7),
    end: fc.option(fc.nat(4000)),
  });
  fc.assert(
    fc.property(change, ({ level, at, bit, end }) => {
      const stream = deflateSync(content, { level });
      if (at < stream.length) stream.writeUInt8(stream.readUInt8(at) ^ (1 << bit), at);
      const damaged = stream.subarray(0, end ?? stream.length);
      let expected: Buffer | undefined;
      try {
        expected = inflateSync(damaged);
      } catch {
        expected = undefined;
      }
      if (expected === undefined) expect(() => inflated(damaged, content.length)).toThrow();
      else expect(inflated(damaged, content.length).equals(expected)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('a stream that is longer or shorter than its header says is refused', () => {
  const stream = deflateSync(lines);
  expect(() => inflated(stream, lines.length - 1)).toThrow('its stream is longer than it should be');
  expect(() => inflated(stream, lines.length + 1)).toThrow('its stream does not end as it should');
});

test('a file of 65 MiB that git recorded, loose or in a pack, is read in pieces, and git makes no delta of it', () => {
  const gitDir = join(scratchDirectory(), 'a.git');
  createRepository(fs, gitDir, { bare: true });
  const large = Buffer.concat([Buffer.alloc(65 << 20, 'the same again\n'), lines]);
  const file = join(gitDir, '..', 'large');
  const ids = [large, Buffer.concat([large, lines])].map((content) => {
    fs.writeFileSync(file, content);
    return git(
      gitDir,
      '-c',
      'core.bigFileThreshold=1g',
      'hash-object',
      '-w',
      '--no-filters',
      file,
    ).trim() as ObjectId;
  });
  const expectPieces = (): void => {
    for (const oid of ids) {
      const content = openObjectStore(fs, gitDir).openBlob(oid);
      const sha1 = createHash('sha1').update(`blob ${content.size}\0`);
      let longest = 0;
      for (const piece of content.pieces()) {
        sha1.update(piece);
        longest = Math.max(longest, piece.length);
      }
      expect([sha1.digest('hex'), longest < 2 << 20]).toEqual([oid, true]);
    }
  };
  expect(listObjectFiles(fs, gitDir).loose).toHaveLength(2);
  expectPieces();
  const objects = openObjectStore(fs, gitDir);
  const tree = objects.writeTree(ids.map((oid) => ({ mode: 0o100644, name: oid, oid })));
  const commit = objects.writeCommit({ tree, parents: [], message: 'large\n', time: 1, author: 'a <a@b>' });
  openRefs(fs, gitDir).write('refs/heads/main', commit);
  git(gitDir, 'repack', '-adfq');
  expect(listObjectFiles(fs, gitDir).loose).toHaveLength(0);
  expectPieces();
});
