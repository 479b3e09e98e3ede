/** What a build does with edits that it finds, on files in memory. */
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { catFile } from '../../lib/operations/cat-file.ts';
import { diffRevisions } from '../../lib/operations/diff-revisions.ts';
import { dropEdits } from '../../lib/operations/drop-edits.ts';
import type { World } from '../../lib/ports/world.ts';
import type { BuildRequest } from '../../lib/terms/build-request.ts';
import type { BuildEvent } from '../../lib/terms/events.ts';
import { buildIn, engineWorld } from '../support/memory-engine.ts';

const lib = (source = 'as-it-was', compile = 'compiled-'): string => `do_unpack() {
	emit \${B}/source as-it-is ${source}
}
do_compile() {
	emit \${B}/object as-it-is ${compile} @\${B}/source
}
do_install() {
	emit \${D}/share/lib as-it-is @\${B}/object
}
`;
/** What comes before do_compile hangs on what lib made. */
const app = `DEPENDS = "lib"
do_unpack() {
	emit \${B}/source as-it-is app-
}
addtask configure after do_unpack before do_compile
do_configure[deptask] = "do_install"
do_configure() {
	emit \${B}/found as-it-is @\${STAGING}/share/lib
}
do_compile() {
	emit \${B}/object as-it-is @\${B}/source @\${B}/found
}
do_install() {
	emit \${D}/share/app as-it-is @\${B}/object
}
`;
const world = (): World => engineWorld({ 'lib_1.0.bb': lib(), 'app_1.0.bb': app });
const sourceOf = (recipe: string): string => `/build/tmp/work/any/${recipe}/b/source`;
const edit = ({ fs }: World, recipe: string, text: string): void => fs.writeFileSync(sourceOf(recipe), text);

interface Built {
  readonly ran: readonly string[];
  /** Messages with their hints. */
  readonly said: string;
}

async function run(
  on: World,
  target: string,
  asked: Partial<BuildRequest> = {},
  see: (event: BuildEvent) => void = () => {},
): Promise<Built> {
  const events: BuildEvent[] = [];
  const note = (event: BuildEvent): void => {
    events.push(event);
    see(event);
  };
  await buildIn(on, target, note, asked);
  const said = events.flatMap((event) =>
    event.event === 'message' ? [event.text, ...(event.hints ?? [])] : [],
  );
  const ran = events.flatMap((event) =>
    event.event === 'task-finished' && event.verdict === 'run' ? [event.task] : [],
  );
  return { ran, said: said.join('\n') };
}
const forced = { force: true, task: 'do_compile' };
const drop = (on: World, recipe: string): ReturnType<typeof dropEdits> =>
  dropEdits(on, { buildDir: '/build', recipe }, () => {});
const cat = (on: World, rev: string, path: string): string =>
  catFile(on, { buildDir: '/build', rev, path }).bytes.toString('utf8');

test('what is typed on while edits are in force is built by the next build, without -f', async () => {
  const on = world();
  await run(on, 'app');
  edit(on, 'lib', 'mine');
  await run(on, 'lib', forced);
  edit(on, 'lib', 'mine-again');
  expect((await run(on, 'app', { dryRun: true })).said).not.toContain('not use');
  const { ran, said } = await run(on, 'app');
  expect(ran).toContain('lib:do_compile');
  expect(said).toContain('lib is built with your edits from do_compile on');
  expect(cat(on, 'app', 'share/app')).toBe('app-compiled-mine-again');
  expect((await run(on, 'app')).ran).toEqual([]);
});

test('edits of a recipe stay in force when another recipe below it changes: what hangs on it is done again', async () => {
  const on = world();
  await run(on, 'app');
  edit(on, 'app', 'mine-');
  await run(on, 'app', forced);
  edit(on, 'lib', 'other');
  await run(on, 'lib', forced);
  const { ran, said } = await run(on, 'app');
  expect(said).toContain('app is built with your edits from do_configure on');
  expect(ran).toEqual(['lib:do_install', 'app:do_configure', 'app:do_compile', 'app:do_install']);
  expect(cat(on, 'app', 'share/app')).toBe('mine-compiled-other');
});

test('edits of sources that are others now are not built with, and the build says how to put them on these', async () => {
  const on = world();
  await run(on, 'lib');
  edit(on, 'lib', 'mine');
  on.fs.writeFileSync('/layer/lib_1.0.bb', lib('newer'));
  const { ran, said } = await run(on, 'lib', forced);
  expect(ran).toEqual(['lib:do_unpack', 'lib:do_compile']);
  expect(said).toBe(
    'lib: your edits (lib:edited@1) were made on other sources; this build does not use them\n' +
      'varve diff lib:edited@1 | patch -p1 -d tmp/work/any/lib   puts them on these',
  );
  expect(cat(on, 'lib:edited', 'b/source')).toBe('mine');
  expect(cat(on, 'lib:do_compile', 'b/object')).toBe('compiled-newer');
});

test('edits in force come back when the recipe has their sources again; dropping them leaves a newer WORKDIR alone', async () => {
  const on = world();
  await run(on, 'lib');
  edit(on, 'lib', 'mine');
  await run(on, 'lib', forced);
  on.fs.writeFileSync('/layer/lib_1.0.bb', lib('newer'));
  expect((await run(on, 'lib')).said).toContain('varve edit drop lib   gives them up');
  on.fs.writeFileSync('/layer/lib_1.0.bb', lib());
  await run(on, 'lib');
  expect(cat(on, 'lib', 'share/lib')).toBe('compiled-mine');
  on.fs.writeFileSync('/layer/lib_1.0.bb', lib('newest'));
  await run(on, 'lib');
  expect(await drop(on, 'lib')).toEqual({ recipe: 'lib', kept: ['edited@1'], task: 'do_install' });
  expect(on.fs.readFileSync(sourceOf('lib'), 'utf8')).toBe('newest');
});

test('a build speaks of edits in recipes too that it was not asked for', async () => {
  const on = world();
  await run(on, 'app');
  edit(on, 'lib', 'mine');
  const { ran, said } = await run(on, 'app');
  expect(ran).toEqual([]);
  expect(said).toBe(
    'lib: the WORKDIR has edits that this build did not use\n' +
      'varve build -f -c compile lib   goes on with them',
  );
});

test.each([1000, -3_600_000])(
  'what is typed between two tasks, as the clock goes on by %s ms, is kept, and built with by nobody',
  async (step) => {
    let clock = 0;
    const on = { ...world(), now: () => clock };
    const { said } = await run(on, 'lib', {}, (event) => {
      if (event.event !== 'task-finished' || event.task !== 'lib:do_compile') return;
      on.fs.writeFileSync('/build/tmp/work/any/lib/b/object', 'typed');
      clock += step;
    });
    expect(said).toContain(
      'the WORKDIR had edits; they are kept as lib:edited@1, and this build does not use them',
    );
    expect(cat(on, 'lib', 'share/lib')).toBe('compiled-as-it-was');
    expect(cat(on, 'lib:edited', 'b/object')).toBe('typed');
  },
);

test('diff RECIPE:edited shows all that was typed, over several builds, and nothing that tasks made of it', async () => {
  const on = world();
  await run(on, 'lib');
  edit(on, 'lib', 'mine');
  await run(on, 'lib', forced);
  on.fs.writeFileSync('/build/tmp/work/any/lib/b/new', 'new');
  await run(on, 'lib');
  const { from, files } = diffRevisions(on, { buildDir: '/build', revs: ['lib:edited'], paths: [] });
  expect(from.rev).toBe('lib:do_install');
  expect(files.map(({ status, path }) => `${status} ${path}`)).toEqual(['A b/new', 'M b/source']);
});

test('a WORKDIR whose history is gone is kept whole, and nothing is built on it', async () => {
  const on = world();
  await run(on, 'lib');
  edit(on, 'lib', 'mine');
  for (const path of ['history', 'artifacts']) on.fs.rmSync(`/build/${path}`, { recursive: true });
  const { ran, said } = await run(on, 'lib', forced);
  expect(said).toContain('kept as lib:edited@1');
  expect(ran).toEqual(['lib:do_unpack', 'lib:do_compile']);
  expect(cat(on, 'lib:edited', 'b/source')).toBe('mine');
  expect(cat(on, 'lib:do_compile', 'b/object')).toBe('compiled-as-it-was');
});

/** A world in which do_compile fails, while a person types. */
function failing(on: World): World {
  const run = async (): Promise<{ exitCode: number; signal: null }> => {
    edit(on, 'lib', 'typed meanwhile');
    return { exitCode: 1, signal: null };
  };
  return { ...on, taskRunner: () => ({ kind: 'namespaces', run }) };
}

test('what was edited while a task ran that failed is told of by the next build, which puts it back', async () => {
  const on = world();
  await run(on, 'lib', { task: 'do_unpack' });
  await run(failing(on), 'lib');
  const { said } = await run(on, 'lib');
  expect(said).toBe(
    'lib:do_compile failed, and sources were changed while it ran; what it left, with what was edited meanwhile, is kept as lib:edited@1\n' +
      'varve diff lib:edited@1   shows it\n' +
      'varve shell lib:edited@1   brings them back into the WORKDIR\n' +
      'varve build -f -c compile lib   then goes on with them',
  );
  expect(cat(on, 'lib', 'share/lib')).toBe('compiled-as-it-was');
});

test('what was edited while a task ran that failed is gone on with by -f, and is dropped as any edit', async () => {
  const on = world();
  await run(on, 'lib', { task: 'do_unpack' });
  await run(failing(on), 'lib');
  const { said } = await run(on, 'lib', forced);
  expect(said).toContain('lib is built with your edits from do_compile on');
  expect(cat(on, 'lib:do_compile', 'b/object')).toBe('compiled-typed meanwhile');
  expect(await drop(on, 'lib')).toMatchObject({ kept: ['edited@1'], task: 'do_unpack' });
  expect(on.fs.readFileSync(sourceOf('lib'), 'utf8')).toBe('as-it-was');
});

/** A world in which a person types a new file while do_compile runs, and then stops the build; its WORKDIR is lib's. */
function interrupted(on: World, file: string): World {
  let stop = (): void => {};
  const run = async (): Promise<{ exitCode: number; signal: null }> => {
    on.fs.mkdirSync(dirname(file), { recursive: true });
    on.fs.writeFileSync(file, 'typed meanwhile');
    stop();
    return { exitCode: 1, signal: null };
  };
  const onInterrupt: World['onInterrupt'] = (handler) => {
    stop = handler;
    return () => {};
  };
  return { ...on, onInterrupt, taskRunner: () => ({ kind: 'namespaces', run }) };
}

test.each([
  ['S', '', 's/mine.c'],
  ['S, which is B', 'S = "${B}"\n', 'b/mine.c'],
])(
  'a file typed in %s while a task ran that was interrupted is gone on with by -f',
  async (_, line, path) => {
    const on = engineWorld({ 'lib_1.0.bb': line + lib() });
    await run(on, 'lib', { task: 'do_unpack' });
    await run(interrupted(on, `/build/tmp/work/any/lib/${path}`), 'lib');
    const { said } = await run(on, 'lib', forced);
    expect(said).toContain('lib goes on from where do_compile was cut off, with what was edited meanwhile');
    expect(on.fs.readFileSync(`/build/tmp/work/any/lib/${path}`, 'utf8')).toBe('typed meanwhile');
    const { files } = diffRevisions(on, { buildDir: '/build', revs: ['lib:edited'], paths: [] });
    expect(files.map((file) => file.path)).toContain(path);
  },
);

test('a file typed while a task ran that was interrupted keeps its name when the task fails again', async () => {
  const on = world();
  await run(on, 'lib', { task: 'do_unpack' });
  await run(interrupted(on, '/build/tmp/work/any/lib/s/mine.c'), 'lib');
  const { said } = await run(failing(on), 'lib');
  expect(said).toContain('is kept as lib:edited@1\nvarve diff lib:edited@1   shows it');
  expect(cat(on, 'lib:edited@1', 's/mine.c')).toBe('typed meanwhile');
});

test('what is typed on after a task was interrupted is kept with what was typed while it ran', async () => {
  const on = world();
  await run(on, 'lib', { task: 'do_unpack' });
  await run(interrupted(on, '/build/tmp/work/any/lib/s/mine.c'), 'lib');
  on.fs.writeFileSync('/build/tmp/work/any/lib/s/later.c', 'typed later');
  await run(on, 'lib');
  const { files } = diffRevisions(on, { buildDir: '/build', revs: ['lib:edited'], paths: [] });
  expect(files.map((file) => file.path)).toEqual(['s', 's/later.c', 's/mine.c']);
});

test("a task that is interrupted and left alone is nobody's edit", async () => {
  const on = world();
  await run(on, 'lib', { task: 'do_unpack' });
  await run(interrupted(on, '/build/tmp/work/any/lib/b/half-made'), 'lib');
  const { said } = await run(on, 'lib', forced);
  expect(said).toContain('do_compile did not come to its end');
  expect(said).not.toContain('your edits');
  expect(on.fs.existsSync('/build/tmp/work/any/lib/b/half-made')).toBe(false);
});

test("what a failed do_patch did to sources is nobody's edit, and an undo shows what stands again", async () => {
  const patch = (how: string): string => `${lib()}addtask patch after do_unpack before do_compile
do_patch() {
	emit \${B}/patched as-it-is ${how}
}
`;
  const on = engineWorld({ 'lib_1.0.bb': patch('well') });
  await run(on, 'lib');
  on.fs.writeFileSync('/layer/lib_1.0.bb', patch('badly'));
  await run(failing(on), 'lib');
  expect(on.fs.readFileSync(sourceOf('lib'), 'utf8')).toBe('typed meanwhile');
  on.fs.writeFileSync('/layer/lib_1.0.bb', patch('well'));
  expect(await run(on, 'lib')).toEqual({ ran: [], said: '' });
  expect(on.fs.readFileSync(sourceOf('lib'), 'utf8')).toBe('as-it-was');
  expect((await run(on, 'lib', forced)).said).toBe('');
});
