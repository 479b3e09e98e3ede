/** A build directory in memory whose record is made by hand: what is asked of a record needs no build. */
import { openBuilds } from '../../lib/history/builds.ts';
import { openHistory } from '../../lib/history/history.ts';
import { formatInputs } from '../../lib/signatures/inputs-text.ts';
import type { ArtifactId, CommitId, Signature, TreeId } from '../../lib/terms/ids.ts';
import type { Input } from '../../lib/terms/inputs.ts';
import { refs } from '../../lib/terms/places.ts';
import { writeEntries } from '../../lib/trees/write-entries.ts';
import { memoryWorld, type MemoryWorld, type MemoryWorldOptions } from '../support/memory-world.ts';

export const buildDir = '/b';

/** One task as it is to stand in a build: the files of its WORKDIR; none where it was covered. */
export interface TaskState {
  readonly files?: Readonly<Record<string, string>>;
  readonly inputs?: readonly Input[];
}

export interface RecipeState {
  readonly tasks: Readonly<Record<string, TaskState>>;
  /** It is for the machine that builds. */
  readonly native?: true;
  /** Files of the artifact, as on the target. */
  readonly artifact?: Readonly<Record<string, string>>;
}

export interface BuildState {
  readonly recipes: Readonly<Record<string, RecipeState>>;
  readonly ok?: boolean;
  readonly name?: string;
}

/** Makes a world with these builds recorded, one after the other, all in PACKAGE_ARCH `x`. */
export function worldWithBuilds(
  states: readonly BuildState[],
  options: MemoryWorldOptions = {},
): MemoryWorld {
  const world = memoryWorld({ files: { '/b/conf/bblayers.conf': '' }, cwd: buildDir, ...options });
  const builds = openBuilds({ fs: world.fs, gitDir: `${buildDir}/history/builds.git` });
  states.forEach((state, index) => {
    const recipes = Object.entries(state.recipes).map(
      ([name, recipe]) => [`x/${name}`, record(world, name, recipe)] as const,
    );
    builds.record({
      number: index + 1,
      ok: state.ok ?? true,
      when: 1_700_000_000 + index,
      ...(state.name === undefined ? {} : { name: state.name }),
      message: `build ${index + 1}: app`,
      build: 'targets app\noptions\nmachine host\ndistro none\n',
      recipes: new Map(recipes),
    });
  });
  return world;
}

/** The history of a recipe, for what a test wants to add. */
export function historyOf(world: MemoryWorld, recipe: string) {
  const gitDir = `${buildDir}/history/x/${recipe}.git`;
  return openHistory({ fs: world.fs, gitDir, workdir: `${buildDir}/tmp/work/x/${recipe}`, now: () => 0 });
}

function record(world: MemoryWorld, name: string, state: RecipeState) {
  const files = new Map<string, string>();
  let lines = '';
  let parent: CommitId | undefined;
  for (const [task, { files: content, inputs = [] }] of Object.entries(state.tasks)) {
    const hashed = inputs.map(({ kind, name: input, value }): Input => ({ kind, name: input, value }));
    const signature = signatureOf(formatInputs(hashed) + JSON.stringify(content ?? null) + task);
    files.set(`inputs/${task}`, formatInputs(inputs));
    if (content !== undefined) parent = commitTask(world, { name, task, content, signature, parent });
    lines += `${task} ${signature} ${content === undefined ? '-' : parent}\n`;
  }
  files.set('tasks', lines);
  if (state.native) files.set('native', '');
  if (state.artifact !== undefined) files.set('artifact', keepArtifact(world, name, state.artifact));
  return { files, ...(parent === undefined ? {} : { work: parent }) };
}

interface TaskToCommit {
  readonly name: string;
  readonly task: string;
  readonly content: Readonly<Record<string, string>>;
  readonly signature: Signature;
  readonly parent: CommitId | undefined;
}

function commitTask(world: MemoryWorld, { name, task, content, signature, parent }: TaskToCommit): CommitId {
  return historyOf(world, name).commit({
    tree: treeOf(world, name, content),
    parents: parent === undefined ? [] : [parent],
    subject: `${task}: ${name} 1.0-r0`,
    trailers: [
      ['Task', `${name}:${task}`],
      ['Signature', signature],
      ['Step', signature],
    ],
    time: 0,
  });
}

function keepArtifact(world: MemoryWorld, name: string, content: Readonly<Record<string, string>>): string {
  const tree = treeOf(
    world,
    name,
    Object.fromEntries(Object.entries(content).map(([path, text]) => [`image/${path}`, text])),
  );
  const signature = signatureOf(tree);
  const id = signatureOf(`id ${tree}`) as string as ArtifactId;
  const history = historyOf(world, name);
  const commit = history.commit({
    tree,
    parents: [],
    subject: `artifact: ${name}`,
    trailers: [['Artifact', id]],
    time: 0,
  });
  history.refs.write(refs.artifact(signature), commit);
  return `signature ${signature}\nid ${id}\ntree ${tree}\n`;
}

/** Writes files with the directories that they stand in. */
export function treeOf(
  world: MemoryWorld,
  recipe: string,
  content: Readonly<Record<string, string>>,
): TreeId {
  const { objects } = historyOf(world, recipe);
  const dirs = new Set(
    Object.keys(content).flatMap((path) =>
      path
        .split('/')
        .slice(0, -1)
        .map((_, i, parts) => parts.slice(0, i + 1).join('/')),
    ),
  );
  const entries = [
    ...[...dirs].map((path) => ({ path, kind: 'dir' as const, mode: 0o755 })),
    ...Object.entries(content).map(([path, text]) => ({
      path,
      kind: 'file' as const,
      mode: 0o644,
      oid: objects.writeBlob(Buffer.from(text)),
    })),
  ];
  return writeEntries(
    objects,
    entries.sort((a, b) => (a.path < b.path ? -1 : 1)),
  ).tree;
}

function signatureOf(text: string): Signature {
  let hash = 7;
  for (const letter of text) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 0xffffffff;
  return hash.toString(16).padStart(8, '0').repeat(8) as Signature;
}
