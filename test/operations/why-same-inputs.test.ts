/** `why` where nothing that a task is made from changed, and all the same it came out otherwise. */
import { expect, test } from 'vitest';
import { formatExplanation } from '../../lib/reporting/format-explanation.ts';
import { createPaint } from '../../lib/reporting/paint.ts';
import { buildDir, type MemoryBuild } from '../support/memory-build.ts';
import { mirrorServer } from '../support/mirror-server.ts';
import { machine, ofTasks, online, push } from '../support/trusting.ts';

const view = {
  world: { cwd: buildDir, now: () => 0 },
  paint: createPaint(false),
  verbose: false,
  quiet: false,
} as const;
const why = async (w: MemoryBuild, ...revs: readonly string[]): Promise<string> =>
  formatExplanation(await w.why(...revs), view);

test('a result that was forced and came out otherwise is the cause of what is made with it', async () => {
  const w = machine({});
  await w.build('app');
  w.write('/etc/flaw', 'a bit flips');
  await w.build('lib-a', { force: true, task: 'do_install' });
  expect(await why(w, 'app')).toMatch(
    /^dependency lib-a: another result of the same inputs in app:do_compile and \d more\napp:do_install may run/,
  );
  expect(ofTasks(await w.build('app'), 'run')).toContain('app:do_compile');
  const told = await why(w);
  expect(told).toMatch(/^dependency lib-a: another result of the same inputs in app:do_build and \d more\n/);
  expect(told).not.toMatch(/what followed: .*lib-a/);
  expect(await why(w, 'app')).toMatch(
    /^dependency lib-a: another result of the same inputs in app:do_compile and \d more\napp:do_install ran in build 3/,
  );
});

test('a mirror that had another result of the same inputs first is the cause of what comes from there', async () => {
  const server = await mirrorServer();
  const first = machine({});
  const second = machine({ flaw: 'a bit flips', mirror: server.url });
  await first.build('app');
  await second.build('app');
  await push(first, server.url);
  await push(second, server.url);
  await second.build('app', online);
  expect(await why(second, '@1', '@2')).toMatch(/^dependency lib-a: another result of the same inputs in /);
});
