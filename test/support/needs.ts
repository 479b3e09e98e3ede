/** Programs and files that some machines lack. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { test } from 'vitest';

/** `test`, or where something is missing a test that is left out and says why; with VARVE_TEST_ALL=1 it fails instead. */
export function testWith(needs: {
  readonly programs?: readonly string[];
  readonly files?: readonly string[];
  /** Shell commands that must succeed. */
  readonly commands?: readonly string[];
}): typeof test | ReturnType<typeof leftOut> {
  const fails = (command: string): boolean => spawnSync('sh', ['-c', command]).status !== 0;
  const programs = (needs.programs ?? []).filter((name) => fails(`command -v ${name}`));
  const files = (needs.files ?? []).filter((path) => !existsSync(path));
  const missing = [...programs, ...files, ...(needs.commands ?? []).filter(fails)];
  return missing.length === 0 ? test : leftOut(missing.join(', '));
}

function leftOut(missing: string): (name: string, ...rest: unknown[]) => void {
  return (name) => {
    if (process.env['VARVE_TEST_ALL'] === '1') {
      test(name, () => {
        throw new Error(`this machine lacks ${missing}`);
      });
      return;
    }
    process.stderr.write(`left out, for want of ${missing}: ${name}\n`);
    test.skip(name);
  };
}
