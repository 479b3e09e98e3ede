/** Writes a build into builds.git: where every recipe stood, and all that its tasks depended on. */
import { installTask } from '../graph/arrange-tasks.ts';
import { openBuilds, type RecipeRecord } from '../history/builds.ts';
import { formatInputs } from '../signatures/inputs-text.ts';
import { taskId, type CommitId, type TaskId } from '../terms/ids.ts';
import { buildsRepository, refs } from '../terms/places.ts';
import type { BuildContext } from './build-context.ts';
import { localArtifact } from './recipe-artifacts.ts';

export interface BuildToRecord {
  readonly number: number;
  readonly ok: boolean;
  readonly name: string | undefined;
  readonly targets: readonly string[];
  /** The file `build`: what was asked, of whom, with which layers and configuration. */
  readonly description: string;
}

/** Records the build; recipes that stand where they stood cost nothing. */
export function recordBuild(context: BuildContext, build: BuildToRecord): void {
  const builds = openBuilds({ fs: context.world.fs, gitDir: buildsRepository(context.places) });
  const before = builds.list().at(-1);
  const recipes = new Map<string, RecipeRecord>();
  for (const name of context.graph.recipes.keys()) {
    const site = context.site(name);
    const key = `${site.recipe.packageArch}/${name}`;
    const tasks = tasksText(context, name);
    const artifact = artifactText(context, name);
    const old = (path: string): string | undefined =>
      before === undefined ? undefined : builds.file(before, `${key}/${path}`)?.toString('utf8');
    // A build of some tasks only leaves the others where they stood.
    if (includesLines(old('tasks'), tasks) && (artifact === undefined || old('artifact') === artifact))
      continue;
    recipes.set(key, recipeRecord(context, name, { tasks, artifact }));
    const stood = site.head();
    if (stood !== undefined) site.history().refs.write(refs.build(build.number), stood);
  }
  builds.record({
    number: build.number,
    ok: build.ok,
    when: Math.floor(context.world.now() / 1000),
    ...(build.name === undefined ? {} : { name: build.name }),
    message: `build ${build.number}: ${build.targets.join(' ')}`,
    recipes,
    build: build.description,
  });
}

function includesLines(text: string | undefined, lines: string): boolean {
  const known = new Set(text?.split('\n') ?? []);
  return lines.split('\n').every((line) => known.has(line));
}

interface Texts {
  readonly tasks: string;
  readonly artifact: string | undefined;
}

function recipeRecord(context: BuildContext, name: string, texts: Texts): RecipeRecord {
  const files = new Map<string, string>([['tasks', texts.tasks]]);
  if (texts.artifact !== undefined) files.set('artifact', texts.artifact);
  for (const id of tasksOf(context, name)) {
    if (context.known.signature(id) === undefined) continue;
    files.set(`inputs/${id.slice(id.lastIndexOf(':') + 1)}`, formatInputs(context.signer.inputs(id)));
  }
  const work = lastOfChain(context, name);
  return { files, ...(work === undefined ? {} : { work }) };
}

function tasksOf(context: BuildContext, name: string): readonly TaskId[] {
  const order = context.graph.arrangements.get(name)?.order ?? [];
  return order.map((task) => taskId(name, task)).filter((id) => context.graph.tasks.has(id));
}

/** A line a task: name, signature, and its commit or `-` where it was covered. */
function tasksText(context: BuildContext, name: string): string {
  return tasksOf(context, name)
    .flatMap((id) => {
      const signature = context.known.signature(id);
      const task = id.slice(id.lastIndexOf(':') + 1);
      return signature === undefined ? [] : [`${task} ${signature} ${commitIn(context, id) ?? '-'}\n`];
    })
    .join('');
}

function commitIn(context: BuildContext, id: TaskId): CommitId | undefined {
  const signature = context.known.signature(id);
  const node = context.graph.tasks.get(id);
  if (signature === undefined || node === undefined) return undefined;
  return context.site(node.recipe).stamped(node.shape.name, signature)?.id;
}

function lastOfChain(context: BuildContext, name: string): CommitId | undefined {
  const chain = [...(context.graph.arrangements.get(name)?.ancestors.get(installTask) ?? []), installTask];
  const commits = chain.map((task) => commitIn(context, taskId(name, task)));
  return commits.findLast((commit) => commit !== undefined);
}

function artifactText(context: BuildContext, name: string): string | undefined {
  const signature = context.known.signature(taskId(name, installTask));
  if (signature === undefined) return undefined;
  const local = localArtifact(context.site(name), signature);
  if (local !== undefined) return artifactLines(signature, local.id, local.tree);
  const stored = context.store.lookup(signature);
  return stored.kind === 'found' ? artifactLines(signature, stored.entry.id, stored.entry.tree) : undefined;
}

const artifactLines = (signature: string, id: string, tree: string): string =>
  `signature ${signature}\nid ${id}\ntree ${tree}\n`;
