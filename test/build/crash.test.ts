/** A build that is stopped at any call to the file system, and the one after it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openHistory } from '../../lib/history/history.ts';
import { catFile } from '../../lib/operations/cat-file.ts';
import type { World } from '../../lib/ports/world.ts';
import type { BuildEvent } from '../../lib/terms/events.ts';
import { listEntries } from '../../lib/trees/list-entries.ts';
import { forgetfulFiles, fullFiles, stoppingFiles } from '../support/failing-files.ts';
import { buildIn, engineWorld, processStat, withFiles } from '../support/memory-engine.ts';

const lib = (text: string): string => `do_unpack() {
	emit \${B}/source as-it-is ${text}
}
do_compile() {
	emit \${B}/object as-it-is compiled- @\${B}/source
}
do_install() {
	emit \${D}/share/lib as-it-is @\${B}/object
}
`;
const app = `DEPENDS = "lib"
do_compile() {
	emit \${B}/object as-it-is linked- @\${STAGING}/share/lib
}
do_install() {
	emit \${D}/share/app as-it-is @\${B}/object
}
do_check() {
	emit \${B}/checked as-it-is @\${B}/object
}
addtask check after do_compile before do_build
do_pack() {
	emit \${WORKDIR}/packed as-it-is @\${D}/share/app
}
addtask pack after do_install before do_build
`;
const recipes = (text: string): Record<string, string> => ({ 'lib_1.0.bb': lib(text), 'app_1.0.bb': app });

interface Run {
  readonly ok: boolean;
  /** Tasks that were announced as done. */
  readonly ran: readonly string[];
}

async function run(world: World): Promise<Run> {
  const events: BuildEvent[] = [];
  const { ok } = await buildIn(world, 'app', (event) => events.push(event));
  return { ok, ran: ranIn(events) };
}

const ranIn = (events: readonly BuildEvent[]): readonly string[] =>
  events.flatMap((event) =>
    event.event === 'task-finished' && event.verdict === 'run' && event.ok ? [event.task] : [],
  );

/** Runs a build that is stopped after so many changes; undefined where it came to its end before. */
async function runUntil(
  world: World,
  calls: number,
  note: (event: BuildEvent) => void = () => {},
): Promise<readonly string[] | undefined> {
  const events: BuildEvent[] = [];
  const fs = stoppingFiles(world.fs, calls);
  try {
    const { ok } = await buildIn(withFiles(world, fs), 'app', (event) => {
      events.push(event);
      note(event);
    });
    if (ok && fs.made() <= calls) return undefined;
  } catch {
    // The program is gone, whatever it was about to say.
  }
  return ranIn(events);
}

/** Another process, the same files. */
function afterwards(world: World, fs = world.fs): World {
  fs.rmSync('/proc/1', { recursive: true });
  fs.mkdirSync('/proc/2');
  fs.writeFileSync('/proc/2/stat', processStat(2));
  return withFiles(world, fs, 2);
}

/** Reads all that every name of a history leads to. */
function readAll(world: World, recipe: string): void {
  const gitDir = `/build/history/any/${recipe}.git`;
  if (!world.fs.existsSync(`${gitDir}/HEAD`)) return;
  const history = openHistory({
    fs: world.fs,
    gitDir,
    workdir: `/build/tmp/work/any/${recipe}`,
    now: () => 0,
  });
  for (const [, first] of history.refs.list('refs/')) {
    const queue = [first];
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      const { tree, parents } = history.objects.readCommit(at);
      queue.push(...parents);
      for (const { oid } of listEntries(history.objects, tree))
        if (oid !== undefined) history.objects.readBlob(oid);
    }
  }
}

/** Nothing is half done, and nothing that a crash left is taken for a person's edit. */
function expectRest(world: World, calls: number): void {
  const { fs } = world;
  for (const recipe of ['lib', 'app']) {
    const [gitDir, workdir] = [`/build/history/any/${recipe}.git`, `/build/tmp/work/any/${recipe}`];
    const history = openHistory({ fs, gitDir, workdir, now: () => 0 });
    expect({
      calls,
      recipe,
      edits: [...history.refs.list('refs/tags/edited@').keys()],
      marked: fs.existsSync(`${gitDir}/varve-running`),
      linked: fs.existsSync(`${workdir}/.git`),
      changed: history.changed({
        exclude: ['temp', 'recipe-sysroot', 'recipe-sysroot-native'],
        image: 'image',
      }),
    }).toEqual({ calls, recipe, edits: [], marked: false, linked: true, changed: undefined });
  }
}

/** The next build does no announced task twice, makes what is wanted, and leaves a record that is whole and at rest. */
async function expectGoneOn(
  world: World,
  {
    calls,
    announced,
    text,
  }: { readonly calls: number; readonly announced: readonly string[]; readonly text: string },
): Promise<void> {
  const again = afterwards(world);
  const { ok, ran } = await run(again);
  expect({ calls, ok, twice: ran.filter((task) => announced.includes(task)) }).toEqual({
    calls,
    ok: true,
    twice: [],
  });
  const made = catFile(again, { buildDir: '/build', rev: 'app', path: 'share/app' }).bytes.toString();
  expect({ calls, made }).toEqual({ calls, made: `linked-compiled-${text}` });
  for (const recipe of ['lib', 'app']) readAll(again, recipe);
  expectRest(again, calls);
  expect((await run(again)).ran).toEqual([]);
}

const everything = process.env['VARVE_TEST_ALL'] === '1';
const minutes = { timeout: 900_000 };

test.each([
  ['the first build', undefined],
  ['a build after an edit', 'two'],
])('%s that is stopped at any change is gone on with by the next one', minutes, async (_, edit) => {
  for (let calls = 0; ; calls += everything ? 2 : 41) {
    const world = engineWorld(recipes('one'));
    if (edit !== undefined) {
      expect(await run(world)).toMatchObject({ ok: true });
      world.fs.writeFileSync('/layer/lib_1.0.bb', lib(edit));
    }
    const announced = await runUntil(world, calls);
    if (announced === undefined) break;
    await expectGoneOn(world, { calls, announced, text: edit ?? 'one' });
  }
});

test.each([
  ['the first build', undefined],
  ['a build after an edit', 'two'],
])(
  '%s on a disk that is full from any moment on is gone on with when there is room',
  minutes,
  async (_, edit) => {
    for (let calls = 0; ; calls += everything ? 1 : 19) {
      const world = engineWorld(recipes('one'));
      if (edit !== undefined) {
        expect(await run(world)).toMatchObject({ ok: true });
        world.fs.writeFileSync('/layer/lib_1.0.bb', lib(edit));
      }
      const fs = fullFiles(world.fs, calls);
      const events: BuildEvent[] = [];
      // What tasks write themselves finds room.
      const ended = await buildIn({ ...world, fs }, 'app', (event) => events.push(event)).catch(
        (error: unknown) => error,
      );
      if (!fs.isFull()) break;
      const said = ended instanceof Error ? ended.message : JSON.stringify(events);
      if (!(ended as { ok?: boolean }).ok)
        expect({ calls, said }).toEqual({ calls, said: expect.stringMatching(/ENOSPC|no space|full/) });
      await expectGoneOn(world, { calls, announced: ranIn(events), text: edit ?? 'one' });
    }
  },
);

/** Whether a text stands in the WORKDIR, or in what its history keeps as edits, or as what a task left that was cut off. */
function isKept(world: World, text: string): boolean {
  const [gitDir, workdir] = ['/build/history/any/lib.git', '/build/tmp/work/any/lib'];
  const { objects, refs } = openHistory({ fs: world.fs, gitDir, workdir, now: () => 0 });
  const kept = [...refs.list('refs/tags/')].filter(([name]) => /edited@|@failed$/.test(name));
  const entries = kept.flatMap(([, commit]) => listEntries(objects, objects.readCommit(commit).tree));
  const texts = entries.map(({ oid }) => (oid === undefined ? '' : objects.readBlob(oid).toString()));
  const onDisk = ['b/source', 'typed'].map((path) => `${workdir}/${path}`).filter(world.fs.existsSync);
  return [...texts, ...onDisk.map((path) => world.fs.readFileSync(path, 'utf8'))].includes(text);
}

test('what was typed before a build, and after it was stopped at any change, is kept', minutes, async () => {
  for (let calls = 0; ; calls += everything ? 2 : 23) {
    const world = engineWorld(recipes('one'));
    expect(await run(world)).toMatchObject({ ok: true });
    world.fs.writeFileSync('/build/tmp/work/any/lib/b/source', 'typed before');
    world.fs.writeFileSync('/layer/lib_1.0.bb', lib('two'));
    if ((await runUntil(world, calls)) === undefined) break;
    world.fs.writeFileSync('/build/tmp/work/any/lib/typed', 'typed after');
    const again = afterwards(world);
    const { ok } = await run(again);
    const kept = ['typed before', 'typed after'].map((text) => isKept(again, text));
    expect({ calls, ok, kept }).toEqual({ calls, ok: true, kept: [true, true] });
  }
});

test.each([
  ['the first build', undefined, 0],
  ['a build after an edit', 'two', 0],
  ['a build while which the clock is set back by an hour', 'two', 3_600_000],
])(
  '%s that a power cut ends at any change: what was synced stands, and the next one goes on',
  minutes,
  async (_, edit, ahead) => {
    for (let calls = 0, seed = 1; ; calls += everything ? 5 : 61, seed += 1) {
      const plain = engineWorld(recipes('one'));
      const forgetful = forgetfulFiles(plain.fs);
      const world = { ...withFiles(plain, forgetful.fs), sync: () => forgetful.sync() };
      if (edit !== undefined) {
        expect(await run({ ...world, now: () => Date.now() + ahead })).toMatchObject({ ok: true });
        plain.fs.writeFileSync('/layer/lib_1.0.bb', lib(edit));
      }
      let begun = false;
      const now = (): number => Date.now() + (begun ? 0 : ahead);
      const note = ({ event }: BuildEvent): void => {
        begun ||= event === 'build-started';
      };
      if ((await runUntil({ ...world, now }, calls, note)) === undefined) break;
      const random = fc.sample(fc.constantFrom(0, 0.5, 1), { seed, numRuns: 4000 });
      forgetful.cut(() => random.pop() ?? 0);
      plain.fs.writeFileSync('/proc/sys/kernel/random/boot_id', 'second\n');
      const again = { ...afterwards(plain), now: () => Date.now() };
      if (edit !== undefined) {
        // Before anything was written again the record may be asked for what was synced.
        const old = catFile(again, { buildDir: '/build', rev: 'app@1', path: 'share/app' }).bytes.toString();
        expect({ calls, old }).toEqual({ calls, old: 'linked-compiled-one' });
      }
      const { ok } = await run(again);
      const made = catFile(again, { buildDir: '/build', rev: 'app', path: 'share/app' }).bytes.toString();
      expect({ calls, ok, made }).toEqual({ calls, ok: true, made: `linked-compiled-${edit ?? 'one'}` });
      for (const recipe of ['lib', 'app']) readAll(again, recipe);
      expect((await run(again)).ran).toEqual([]);
    }
  },
);
