/** What a task may leave that a disk can hold and few programs expect: kept and put back, or said. */
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeWorkspace, plainRecipe } from '../support/workspace.ts';

const leaving = (compile: string): Record<string, string> => ({
  'recipes/app_1.bb': plainRecipe({ do_compile: compile, do_install: 'install -d ${D}/etc' }),
});

test('a fifo comes back under whatever name it had', () => {
  const w = makeWorkspace({ files: leaving('mkdir d\nmkfifo -m 600 "d/$(printf "\\351 pipe")"') });
  expect(w.varve('build', 'app').status).toBe(0);
  expect(w.varve('restore', 'app:compile', 'out').said).not.toContain('warning');
  const dir = join(w.buildDir, 'out/sources/d');
  const [name = Buffer.alloc(0)] = readdirSync(dir, { encoding: 'buffer' });
  expect(name.toString('latin1')).toBe('\u00e9 pipe');
  const stat = lstatSync(Buffer.concat([Buffer.from(`${dir}/`), name]));
  expect([stat.isFIFO(), stat.mode & 0o777]).toEqual([true, 0o600]);
});
