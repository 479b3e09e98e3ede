import type * as Fs from 'node:fs';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { makeDirectory } from '../../lib/world/make-directory.ts';

/** Another process, which makes `below` as soon as what it is in is there. */
let hurry: { readonly parent: string; readonly below: string } | undefined;

vi.mock('node:fs', async (importActual) => {
  const fs = await importActual<typeof Fs>();
  const mkdirSync: typeof fs.mkdirSync = (path, options) => {
    const made = fs.mkdirSync(path, options as Fs.MakeDirectoryOptions);
    if (path === hurry?.parent) fs.mkdirSync(hurry.below);
    return made as undefined;
  };
  return { ...fs, mkdirSync };
});

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

test('what another process makes at the same time is no error', () => {
  const parent = join(scratch(), 'a');
  hurry = { parent, below: join(parent, 'b') };
  makeDirectory(hurry.below, { recursive: true });
  expect(existsSync(hurry.below)).toBe(true);
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
