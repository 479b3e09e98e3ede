/** A workspace of many recipes that need one another: how far an edit reaches. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { testWith } from '../support/needs.ts';
import { makeWorkspace } from '../support/workspace.ts';

const test = testWith({ programs: ['python3'] });

/** One of {@link workspaceOf} that needs nothing and that others need. */
interface Root {
  readonly name: string;
  readonly path: string;
}

/** As `bench/` has it; its conf/local.conf includes a file that is the last one read. */
function workspaceOf(body: 'trivial' | 'files') {
  const w = makeWorkspace();
  const layer = join(w.top, 'many');
  const words = ['bench/generate-workspace.py', '--out', layer, '--recipes', '20', '--body', body];
  expect(spawnSync('python3', words).status).toBe(0);
  const buildDir = join(layer, 'build');
  const leaf = join(layer, 'leaf.inc');
  writeFileSync(leaf, 'NOTE ?= ""\n');
  appendFileSync(join(buildDir, 'conf/local.conf'), `HOSTTOOLS = "cat cp mkdir"\ninclude ${leaf}\n`);
  appendFileSync(join(layer, 'classes/base.bbclass'), 'do_compile:append() {\n    : ${NOTE}\n}\n');
  return {
    layer,
    leaf,
    /** The tasks that a build ran. */
    ran(): readonly string[] {
      const { status, stdout, said } = w.varve('-B', buildDir, 'build', '--json', 'everything');
      if (status !== 0) throw new Error(said);
      const events = stdout.trim().split('\n');
      return events
        .map((line) => JSON.parse(line) as { event: string; task: string; verdict: string })
        .filter(({ event, verdict }) => event === 'task-finished' && verdict === 'run')
        .map(({ task }) => task);
    },
    root: rootOf(layer),
  };
}

function filesBelow(dir: string): readonly string[] {
  const found = readdirSync(dir, { recursive: true, withFileTypes: true });
  return found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function rootOf(layer: string): Root {
  const recipes = filesBelow(join(layer, 'recipes')).toSorted();
  const needed = recipes.map((path) => /^DEPENDS = "(.*)"/m.exec(readFileSync(path, 'utf8'))?.[1] ?? '');
  for (const [index, path] of recipes.entries()) {
    const name = /([^/]*)_[^/]*$/.exec(path)?.[1] ?? '';
    if (needed[index] === '' && needed.some((names) => names.split(' ').includes(name)))
      return { name, path };
  }
  throw new Error('nobody needs a recipe that needs nothing');
}

/** Builds with a file changed, then with the change undone: what ran each time. */
function editAndUndo(w: ReturnType<typeof workspaceOf>, path: string, further: string) {
  const before = readFileSync(path, 'utf8');
  appendFileSync(path, further);
  const edited = w.ran();
  writeFileSync(path, before);
  return { edited, undone: w.ran() };
}

test('an edit of a variable that one task uses, with the same outcome, runs that task and no other', () => {
  const w = workspaceOf('trivial');
  expect(w.ran()).toHaveLength(21 * 8);
  const { edited, undone } = editAndUndo(w, w.root.path, 'EXTRA_OECONF = "--otherwise"\n');
  expect(edited).toEqual([`${w.root.name}:do_configure`]);
  expect(undone).toEqual([]);
  for (const path of filesBelow(w.layer)) if (!/\/build\/(?!conf)/.test(path)) utimesSync(path, 1e9, 1e9);
  expect(w.ran()).toEqual([]);
  const leaf = editAndUndo(w, w.leaf, 'NOTE = "seen by all"\n');
  expect(leaf.edited).toHaveLength(21);
  expect(new Set(leaf.edited.map((task) => task.split(':')[1]))).toEqual(new Set(['do_compile']));
  expect(leaf.undone).toEqual([]);
});

test('where it changes files in the WORKDIR but not the artifact, that recipe runs and no other', () => {
  const w = workspaceOf('files');
  expect(w.ran()).toHaveLength(21 * 8);
  const { edited, undone } = editAndUndo(
    w,
    w.root.path,
    'do_unpack:append() {\n    echo other > ${WORKDIR}/dl/src\n}\n',
  );
  const tasks = ['unpack', 'patch', 'configure', 'compile', 'install'];
  expect(edited).toEqual(tasks.map((task) => `${w.root.name}:do_${task}`));
  expect(undone).toEqual([]);
  const artifact = editAndUndo(w, w.root.path, 'EXTRA_OECONF = "--otherwise"\n');
  expect(new Set(artifact.edited.map((task) => task.split(':')[0])).size).toBeGreaterThan(1);
  expect(artifact.undone).toEqual([]);
});
