import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** The caller's PATH, where the program that makes namespaces cannot make any. */
export function withoutNamespaces(): string {
  const dir = mkdtempSync(join(tmpdir(), 'varve-programs-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  writeFileSync(join(dir, 'unshare'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  return `${dir}:${process.env['PATH'] ?? ''}`;
}
