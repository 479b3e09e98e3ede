import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Parser } from 'tar';
import { expect, test } from 'vitest';
import { readTar } from '../../lib/artifacts/read-tar.ts';
import type { TarHeader } from '../../lib/artifacts/tar-header.ts';
import { writeTar } from '../../lib/artifacts/write-tar.ts';
import { artifactOf, memoryObjects, type Planted } from '../support/memory-objects.ts';

const TIME = 1_700_000_000;

/** The canonical tar of an image. */
function tarOf(image: Readonly<Record<string, Planted>>): Buffer {
  const objects = memoryObjects();
  const pieces: Uint8Array[] = [];
  writeTar({ objects, tree: artifactOf(objects, image), time: TIME }, (bytes) => pieces.push(bytes));
  return Buffer.concat(pieces);
}

/** What GNU tar lists: mode, owner, size, time and names. */
function listedByTar(tar: Buffer): readonly string[] {
  const args = ['--numeric-owner', '--utc', '--quoting-style=escape', '-tvf', '-'];
  const text = execFileSync('tar', args, {
    input: tar,
    encoding: 'utf8',
    stdio: 'pipe',
    env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' },
  });
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/ +/g, ' '));
}

function headersOf(tar: Buffer): readonly TarHeader[] {
  const headers: TarHeader[] = [];
  let at = 0;
  readTar(
    (buffer) => {
      const count = tar.copy(buffer, 0, at);
      at += count;
      return count;
    },
    (header) => headers.push(header),
  );
  return headers;
}

test('GNU tar lists what the image holds, sorted by bytes, with one time and no owner', () => {
  const image = {
    'usr/lib/libz.so.1': 'ELF',
    'usr/lib/libz.so': { link: 'libz.so.1' },
    'usr/lib-x/a': { text: '#!', mode: 0o4755 },
    'usr/lib.d': { dir: 0o1777 },
    'usr/bin/tool': { hardlink: 'usr/bin/other' },
    'usr/bin/other': { text: 'x', mode: 0o750, uid: 5, gid: 6 },
    'var/run/pipe': { fifo: 0o600 },
  };
  expect(listedByTar(tarOf(image))).toEqual([
    'drwxr-xr-x 0/0 0 2023-11-14 22:13 usr/',
    'drwxr-xr-x 0/0 0 2023-11-14 22:13 usr/bin/',
    '-rwxr-x--- 5/6 1 2023-11-14 22:13 usr/bin/other',
    'hrwxr-x--- 5/6 0 2023-11-14 22:13 usr/bin/tool link to usr/bin/other',
    'drwxr-xr-x 0/0 0 2023-11-14 22:13 usr/lib/',
    'drwxr-xr-x 0/0 0 2023-11-14 22:13 usr/lib-x/',
    '-rwsr-xr-x 0/0 2 2023-11-14 22:13 usr/lib-x/a',
    'drwxrwxrwt 0/0 0 2023-11-14 22:13 usr/lib.d/',
    'lrwxrwxrwx 0/0 0 2023-11-14 22:13 usr/lib/libz.so -> libz.so.1',
    '-rw-r--r-- 0/0 3 2023-11-14 22:13 usr/lib/libz.so.1',
    'drwxr-xr-x 0/0 0 2023-11-14 22:13 var/',
    'drwxr-xr-x 0/0 0 2023-11-14 22:13 var/run/',
    'prw------- 0/0 0 2023-11-14 22:13 var/run/pipe',
  ]);
});

test('the same image gives the same bytes, in whatever order its files came', () => {
  const one = tarOf({ 'b/x': '1', a: '2' });
  const other = tarOf({ a: '2', 'b/x': '1' });
  expect(one.equals(other)).toBe(true);
  expect(createHash('sha256').update(one).digest('hex')).toBe(
    'd0e608030b01340640297739d5db6cfe335301c9db14ede8d26625d7ee448955',
  );
});

test('long names, long links, large numbers and names that are not UTF-8 come through', () => {
  const long = `usr/${'d'.repeat(120)}/${'e'.repeat(200)}`;
  const odd = `odd/${'\u00ff'.repeat(110)}`;
  const image = {
    [long]: 'long',
    [odd]: 'odd',
    'caf\u00c3\u00a9\nx': 'newline',
    link: { link: 't'.repeat(3000) },
    owned: { text: 'o', uid: 3_000_000, gid: 4_000_000 },
  };
  const tar = tarOf(image);
  const found = new Map(headersOf(tar).map((header) => [header.path, header]));
  expect([...found.keys()].sort()).toEqual(
    ['caf\u00c3\u00a9\nx', 'link', 'odd', odd, 'owned', 'usr', `usr/${'d'.repeat(120)}`, long].sort(),
  );
  expect(found.get('link')?.link).toBe('t'.repeat(3000));
  expect(found.get('owned')).toMatchObject({ uid: 3_000_000, gid: 4_000_000 });
  const names = listedByTar(tar).join('\n');
  expect(names).toContain(long);
  expect(names).toContain('\\377'.repeat(110));
  expect(names).toContain('3000000/4000000');
});

test('the tar package reads it too', () => {
  const names: string[] = [];
  const parser = new Parser({ strict: true });
  parser.on('entry', (entry) => {
    names.push(entry.path);
    entry.resume();
  });
  parser.end(tarOf({ [`a/${'b'.repeat(150)}`]: 'x', 'c/d': { link: 'e' } }));
  expect(names).toEqual(['a/', `a/${'b'.repeat(150)}`, 'c/', 'c/d']);
});

test('GNU tar extracts every byte', () => {
  const dir = mkdtempSync(join(tmpdir(), 'varve-tar-'));
  try {
    const text = 'x'.repeat(512 * 3);
    writeFileSync(join(dir, 'a.tar'), tarOf({ whole: text, odd: `${text}y`, empty: '' }));
    execFileSync('tar', ['-xf', 'a.tar'], { cwd: dir });
    expect(readFileSync(join(dir, 'whole'), 'latin1')).toBe(text);
    expect(readFileSync(join(dir, 'odd'), 'latin1')).toBe(`${text}y`);
    expect(statSync(join(dir, 'empty')).size).toBe(0);
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test('the directory of the image itself is told of only where it is unusual or empty', () => {
  expect(listedByTar(tarOf({ a: '' }))).toHaveLength(1);
  expect(listedByTar(tarOf({ a: '', '': { dir: 0o700 } }))[0]).toBe('drwx------ 0/0 0 2023-11-14 22:13 ./');
  expect(listedByTar(tarOf({}))).toEqual(['drwxr-xr-x 0/0 0 2023-11-14 22:13 ./']);
});
