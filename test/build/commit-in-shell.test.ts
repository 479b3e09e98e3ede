import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeWorkspace, plainRecipe } from '../support/workspace.ts';

test('a commit in a shell is by who has the shell, and becomes a patch of theirs', () => {
  const w = makeWorkspace({
    files: {
      'recipes/app_1.bb': plainRecipe(
        { do_install: 'install -D a.txt ${D}${datadir}/a.txt' },
        'SRC_URI = "file://src"\nS = "${UNPACKDIR}/src"\n',
      ),
      'recipes/app/src/a.txt': 'one\n',
    },
    env: { GIT_AUTHOR_NAME: 'Ann', GIT_AUTHOR_EMAIL: 'ann@example.org' },
  });
  expect(w.varve('build', 'app').status).toBe(0);
  const typed = 'echo TWO > a.txt && git commit -qm "app: two" a.txt';
  const shell = w.varve('shell', 'app:patch', '--', 'sh', '-c', typed);
  expect([shell.status, shell.stderr]).toEqual([0, expect.stringContaining('edits')]);
  expect(w.varve('edit', 'finish', 'app').status).toBe(0);
  const patch = readFileSync(join(w.layer, 'recipes/app/0001-app-two.patch'), 'utf8');
  expect(patch).toContain('From: Ann <ann@example.org>\n');
});
