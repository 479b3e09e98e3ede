import { existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A PATH with all that the caller's has, where the python3 that makes namespaces cannot make any. */
export function withoutNamespaces(): string {
  const dir = mkdtempSync(join(tmpdir(), 'varve-programs-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const asked = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' });
  const script = `#!/bin/sh\ncase "$*" in */walls.py*) exit 1 ;; esac\nexec '${asked.stdout.trim()}' "$@"\n`;
  writeFileSync(join(dir, 'python3'), script, { mode: 0o755 });
  for (const place of (process.env['PATH'] ?? '').split(delimiter).filter((path) => existsSync(path)))
    for (const name of readdirSync(place).filter((program) => !existsSync(join(dir, program))))
      symlinkSync(join(place, name), join(dir, name));
  return dir;
}
