import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { version } from '../../lib/terms/version.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'varve-program-'));
  cpSync('dist', dir, { recursive: true });
});
afterEach(() => rmSync(dir, { recursive: true }));

const codes = (): readonly string[] => readdirSync(join(dir, 'bin')).filter((name) => name.endsWith('.code'));

function asked(): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(dir, 'bin/varve.js'), '--version'], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

const answer = { status: 0, stdout: `${version}\n`, stderr: '' };

test('the program answers alike with the code that was kept of it and without', () => {
  expect(codes()).toContain('start.cjs.code');
  expect(asked()).toEqual(answer);
  for (const name of codes()) rmSync(join(dir, 'bin', name));
  expect(asked()).toEqual(answer);
});

test('kept code that is damaged or cut off is left, wherever that is', () => {
  const path = join(dir, 'bin/start.cjs.code');
  const whole = readFileSync(path);
  for (const share of [0, 0.001, 0.2, 0.5, 0.8, 1]) {
    const damaged = Buffer.from(whole);
    const at = Math.floor((whole.length - 1) * share);
    damaged[at] = (damaged[at] ?? 0) ^ 0xff;
    writeFileSync(path, damaged);
    expect(asked(), `a byte at ${at}`).toEqual(answer);
    writeFileSync(path, whole.subarray(0, at));
    expect(asked(), `the first ${at} bytes`).toEqual(answer);
  }
});

test('a file that was changed since is obeyed, though it is as long as before', () => {
  const [path, text] = readdirSync(join(dir, 'bin'))
    .filter((name) => name.endsWith('.cjs'))
    .map((name) => join(dir, 'bin', name))
    .map((file) => [file, readFileSync(file, 'latin1')] as const)
    .find(([, content]) => content.includes(`"${version}"`)) ?? ['', ''];
  const other = version.replace(/\d/, '9');
  writeFileSync(path, text.replaceAll(`"${version}"`, `"${other}"`), 'latin1');
  expect(asked()).toEqual({ ...answer, stdout: `${other}\n` });
});
