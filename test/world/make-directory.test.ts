import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeDirectory } from '../../lib/world/make-directory.ts';

function scratch(): string {
  const dir = mkdtempSync(join(tmpdir(), 'varve-mkdir-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

test('parents are made where that is wanted, and what is there stays', () => {
  const dir = join(scratch(), 'a/b/c');
  expect(() => makeDirectory(dir)).toThrow('ENOENT');
  makeDirectory(dir, { recursive: true });
  makeDirectory(dir, { recursive: true });
  expect(existsSync(dir)).toBe(true);
  expect(() => makeDirectory(dir)).toThrow('EEXIST');
});

test('a file in the way is an error', () => {
  const dir = scratch();
  writeFileSync(join(dir, 'file'), '');
  expect(() => makeDirectory(join(dir, 'file'), { recursive: true })).toThrow('EEXIST');
  expect(() => makeDirectory(join(dir, 'file/below'), { recursive: true })).toThrow('ENOTDIR');
});

test('where nothing can be made it ends with an error', () => {
  expect(() => makeDirectory('/proc/varve/below', { recursive: true })).toThrow('ENOENT');
});
