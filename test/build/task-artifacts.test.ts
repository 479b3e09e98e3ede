/** Tasks other than do_install with an artifact of their own. */
import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { buildIn, engineWorld } from '../support/memory-engine.ts';
import { makeWorkspace, plainRecipe } from '../support/workspace.ts';
import type { World } from '../../lib/ports/world.ts';

const deploying = (text: string, further = ''): string => `
do_install() {
	emit \${D}/share/app as-it-is installed
}
do_deploy() {
	emit \${WORKDIR}/deploy/app.bin lower ${text}
	emit \${WORKDIR}/litter as-it-is ${text}
}
do_deploy[artifact] = "\${WORKDIR}/deploy"
addtask deploy after do_install before do_build
${further}`;

const image = `
do_install() {
	emit \${D}/share/image as-it-is image
}
do_install[depends] = "app:do_deploy"
`;

/** Builds, and tells what was run and what was restored. */
async function outcome(world: World, target: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const done: [string, string][] = [];
  const { ok } = await buildIn(world, target, (event) => {
    if (event.event === 'task-finished') done.push([event.verdict, event.task]);
  });
  expect(ok).toBe(true);
  const of = (verdict: string): string[] => done.filter(([kind]) => kind === verdict).map(([, task]) => task);
  return { ran: of('run'), restored: of('restore') };
}

function forget(world: World): void {
  for (const dir of ['/build/tmp', '/build/history']) world.fs.rmSync(dir, { recursive: true, force: true });
}

test('a task with [artifact] is restored like do_install, and what stands before it is not needed', async () => {
  const world = engineWorld({ 'app_1.bb': deploying('one') });
  const all = await outcome(world, 'app:deploy');
  expect(all['ran']).toContain('app:do_deploy');
  forget(world);
  expect(await outcome(world, 'app:deploy')).toEqual({ ran: [], restored: ['app:do_deploy'] });
  expect(await outcome(world, 'app:deploy')).toEqual({ ran: [], restored: [] });
});

test('who depends on such a task knows it by what it put into its directory, and by nothing else', async () => {
  const world = engineWorld({ 'app_1.bb': deploying('one'), 'image_1.bb': image });
  await outcome(world, 'image');
  world.fs.writeFileSync('/layer/app_1.bb', deploying('ONE'));
  expect((await outcome(world, 'image'))['ran']).toEqual(['app:do_deploy']);
  world.fs.writeFileSync('/layer/app_1.bb', deploying('two'));
  expect((await outcome(world, 'image'))['ran']).toEqual(['app:do_deploy', 'image:do_install']);
});

test('another directory in [artifact] is another result', async () => {
  const recipe = deploying('ONE').replace('/litter', '/other/app.bin');
  const world = engineWorld({ 'app_1.bb': recipe, 'image_1.bb': image });
  await outcome(world, 'image');
  world.fs.writeFileSync('/layer/app_1.bb', recipe.replace('"${WORKDIR}/deploy"', '"${WORKDIR}/other"'));
  expect((await outcome(world, 'image'))['ran']).toEqual(['app:do_deploy', 'image:do_install']);
});

test('a task that starts where such a task left the WORKDIR has it run, since an artifact is not a WORKDIR', async () => {
  const check = `
do_check() {
	emit \${WORKDIR}/checked as-it-is @\${WORKDIR}/litter
}
addtask check after do_deploy
`;
  const world = engineWorld({ 'app_1.bb': deploying('one', check) });
  await outcome(world, 'app:deploy');
  forget(world);
  expect(await outcome(world, 'app:check')).toEqual({
    ran: ['app:do_deploy', 'app:do_check'],
    restored: ['app:do_install'],
  });
  expect(await outcome(world, 'app:check')).toEqual({ ran: [], restored: [] });
});

test('an [artifact] that is not below WORKDIR is an error at its line', async () => {
  const world = engineWorld({
    'app_1.bb': deploying('one', 'do_deploy[artifact] = "/srv/deploy"\n'),
  });
  await expect(outcome(world, 'app')).rejects.toMatchObject({
    message: 'app:do_deploy[artifact] is /srv/deploy, which is not below WORKDIR',
    place: { file: '/layer/app_1.bb', line: 11 },
  });
});

test('the artifact of a task is shown and exported by RECIPE:TASK', () => {
  const w = makeWorkspace({
    files: {
      'recipes/app_1.bb': plainRecipe(
        { do_install: 'true', do_deploy: 'mkdir -p ${WORKDIR}/deploy\necho bin > ${WORKDIR}/deploy/app.bin' },
        'do_deploy[artifact] = "${WORKDIR}/deploy"\naddtask deploy after do_install before do_build\n',
      ),
    },
  });
  expect(w.counts('app')).toMatchObject({ failed: 0 });
  rmSync(w.path('tmp'), { recursive: true });
  const shown = w.varve('artifact', 'show', 'app:deploy', '--json');
  expect(JSON.parse(shown.stdout)).toMatchObject({ recipe: 'app', task: 'do_deploy' });
  expect(w.varve('artifact', 'export', 'app:deploy', 'deploy.tar.gz').status).toBe(0);
  expect(w.varve('artifact', 'show', 'app:compile').stderr).toContain(
    'do_compile has none, or did not succeed',
  );
});

test('a recipe whose do_install is noexec brings what it depends on, and nothing of its own', async () => {
  const lib = 'do_install() {\n\temit ${D}/share/lib as-it-is installed\n}\n';
  const world = engineWorld({
    'lib_1.bb': lib,
    'group_1.bb': 'DEPENDS = "lib"\ndo_install[noexec] = "1"\n',
    'app_1.bb': `DEPENDS = "group"\n${lib}`,
  });
  expect((await outcome(world, 'app'))['ran']).toEqual(
    expect.arrayContaining(['lib:do_install', 'app:do_install']),
  );
  forget(world);
  expect(await outcome(world, 'app')).toEqual({ ran: [], restored: ['app:do_install'] });
  world.fs.writeFileSync('/layer/lib_1.bb', lib.replace('installed', 'anew'));
  expect((await outcome(world, 'app'))['ran']).toEqual(
    expect.arrayContaining(['lib:do_install', 'app:do_install']),
  );
});
