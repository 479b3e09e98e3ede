/** Two recipes, the one made of the other, built in memory by a process that may be stopped at any call. */
import { expect } from 'vitest';
import { openHistory } from '../../lib/history/history.ts';
import { catFile } from '../../lib/operations/cat-file.ts';
import type { World } from '../../lib/ports/world.ts';
import type { BuildEvent } from '../../lib/terms/events.ts';
import { listEntries } from '../../lib/trees/list-entries.ts';
import { stoppingFiles } from './failing-files.ts';
import { buildIn, processStat, withFiles } from './memory-engine.ts';

export const lib = (text: string): string => `do_unpack() {
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
export const recipes = (text: string): Record<string, string> => ({
  'lib_1.0.bb': lib(text),
  'app_1.0.bb': app,
});

interface Run {
  readonly ok: boolean;
  /** Tasks that were announced as done. */
  readonly ran: readonly string[];
}

export async function run(world: World): Promise<Run> {
  const events: BuildEvent[] = [];
  const { ok } = await buildIn(world, 'app', (event) => events.push(event));
  return { ok, ran: ranIn(events) };
}

export const ranIn = (events: readonly BuildEvent[]): readonly string[] =>
  events.flatMap((event) =>
    event.event === 'task-finished' && event.verdict === 'run' && event.ok ? [event.task] : [],
  );

/** Runs a build that is stopped after so many changes; undefined where it came to its end before. */
export async function runUntil(
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
export function afterwards(world: World, fs = world.fs): World {
  fs.rmSync('/proc/1', { recursive: true });
  fs.mkdirSync('/proc/2');
  fs.writeFileSync('/proc/2/stat', processStat(2));
  return withFiles(world, fs, 2);
}

/** Reads all that every name of a history leads to. */
export function readAll(world: World, recipe: string): void {
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
export async function expectGoneOn(
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

/** Whether builds are stopped at each place, or at some of them. */
export const everything = process.env['VARVE_TEST_ALL'] === '1';

/** Thousands of builds take their time. */
export const minutes = { timeout: 900_000 };
