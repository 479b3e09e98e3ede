import { existsSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { makeWorkspace, plainRecipe } from '../support/workspace.ts';

test('what a task said, and when it ran, is told although its build was killed later on', async () => {
  const w = makeWorkspace({
    files: {
      'recipes/app_1.0.bb': plainRecipe({
        do_compile: String.raw`printf 'said \377\n'`,
        do_install: 'touch ${WORKDIR}/begun; [ -e ${TOPDIR}/go ] || sleep 60',
      }),
    },
  });
  const child = w.start('build', 'app');
  const ended = new Promise((done) => child.on('exit', done));
  while (!existsSync(w.path('tmp/work/x86_64/app/begun'))) await setTimeout(50);
  child.kill('SIGKILL');
  await ended;
  writeFileSync(w.path('go'), '');
  expect(w.counts('app')).toMatchObject({ run: 1, current: 5 });

  const { ok, log } = JSON.parse(w.varve('show', 'app:compile', '--json').stdout);
  expect({ ok, log }).toEqual({ ok: true, log: 'said \u{fffd}\n' });
  const runs = w.git('app', 'notes', '--ref=runs', 'show', 'tags/do_compile');
  expect(JSON.parse(runs)).toMatchObject({ task: 'app:do_compile', ok: true, start: expect.any(String) });
  expect(w.varve('fsck').status).toBe(0);
});
