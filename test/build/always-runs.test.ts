/** Tasks that run in every build ([nostamp]), and chains that begin with nothing to run. */
import { expect, test } from 'vitest';
import type { World } from '../../lib/ports/world.ts';
import { buildIn, engineWorld } from '../support/memory-engine.ts';

/** The tasks that a build ran. */
async function ranIn(world: World, target: string): Promise<readonly string[]> {
  const ran: string[] = [];
  const outcome = await buildIn(world, target, (event) => {
    if (event.event === 'task-finished' && event.verdict === 'run') ran.push(event.task);
  });
  expect(outcome.ok).toBe(true);
  return ran;
}

test('what runs in every build is followed by what stands on it where it made something else', async () => {
  const world = engineWorld({
    'lib_1.0.bb': `do_look[nostamp] = "1"
do_look() {
\temit \${B}/seen as-it-is @/host
}
addtask look after do_unpack before do_compile
do_install() {
\temit \${D}/share/lib as-it-is @\${B}/seen
}
`,
    'app_1.0.bb': `DEPENDS = "lib"
do_install() {
\temit \${D}/share/app as-it-is @\${STAGING}/share/lib
}
`,
  });
  world.fs.writeFileSync('/host', 'one');
  await ranIn(world, 'app');
  expect(await ranIn(world, 'app')).toEqual(['lib:do_look']);
  world.fs.writeFileSync('/host', 'two');
  expect(await ranIn(world, 'app')).toEqual(
    expect.arrayContaining(['lib:do_look', 'lib:do_install', 'app:do_install']),
  );
  expect(world.fs.readFileSync('/build/tmp/work/any/app/image/share/app', 'utf8')).toBe('two');
});

test('tasks with nothing to run at the beginning are passed by', async () => {
  const world = engineWorld({
    'app_1.0.bb': `do_unpack[noexec] = "1"
do_compile[noexec] = "1"
do_install() {
\temit \${D}/share/app as-it-is text
}
`,
  });
  expect(await ranIn(world, 'app')).toEqual(['app:do_install']);
  expect(await ranIn(world, 'app')).toEqual([]);
});

test('an artifact that is made in every build is followed, and so is one that a task after it only looks at', async () => {
  const world = engineWorld({
    'lib_1.0.bb': `do_install[nostamp] = "1"
do_install() {
\temit \${D}/share/lib as-it-is @/host
}
do_check[nostamp] = "1"
do_check() {
\temit \${B}/checked as-it-is yes
}
addtask check after do_install
`,
    'app_1.0.bb': `DEPENDS = "lib"
do_compile[depends] = "lib:do_check"
do_install() {
\temit \${D}/share/app as-it-is @\${STAGING}/share/lib
}
`,
  });
  for (const text of ['one', 'two', 'one']) {
    world.fs.writeFileSync('/host', text);
    await ranIn(world, 'app');
    expect(world.fs.readFileSync('/build/tmp/work/any/app/image/share/app', 'utf8')).toBe(text);
  }
});
