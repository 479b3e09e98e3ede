/** Writes a build into builds.git: where every recipe stood, and all that its tasks depended on. */
import type { Builds, RecipeRecord } from '../history/builds.ts';
import { formatInputs } from '../signatures/inputs-text.ts';
import type { Counts } from '../terms/events.ts';
import { splitTaskId, taskId, type CommitId, type TaskId } from '../terms/ids.ts';
import { refs } from '../terms/places.ts';
import type { BuildContext } from './build-context.ts';
import { deployedTo } from './outline/deployed-to.ts';
import { artifactRecord, formatArtifact } from './results/artifact-record.ts';
import { localArtifact } from './results/recipe-artifacts.ts';
import { lastInForce, resultInForce } from './results/result-in-force.ts';

export interface BuildToRecord {
  readonly number: number;
  readonly ok: boolean;
  readonly interrupted?: boolean;
  readonly name: string | undefined;
  readonly targets: readonly string[];
  readonly counts: Counts;
  /** Recipes that it built with a person's edits. */
  readonly edited: readonly string[];
  /** The file `build`: what was asked, of whom, with which layers and configuration. */
  readonly description: string;
}

/** Records the build; recipes that stand where they stood cost nothing. Answers the others. */
export function recordBuild(context: BuildContext, builds: Builds, build: BuildToRecord): readonly string[] {
  const recorded: string[] = [];
  builds.record({
    number: build.number,
    ok: build.ok,
    ...(build.interrupted === true && { interrupted: true }),
    when: Math.floor(context.world.now() / 1000),
    ...(build.name === undefined ? {} : { name: build.name }),
    counts: build.counts,
    edited: build.edited,
    message: `build ${build.number}: ${build.targets.join(' ')}`,
    recipes: newRecords(context, builds, { number: build.number, onRecipe: (name) => recorded.push(name) }),
    build: build.description,
  });
  return recorded;
}

/** One after the other: the inputs of all tasks together are several times as large as all else that a build knows. */
function* newRecords(
  context: BuildContext,
  builds: Builds,
  { number, onRecipe }: { readonly number: number; readonly onRecipe: (name: string) => void },
): Generator<readonly [string, RecipeRecord]> {
  const before = builds.list().at(-1);
  for (const name of context.graph.recipes.keys()) {
    const site = context.site(name);
    const key = `${site.recipe.packageArch}/${name}`;
    const old = (path: string): string | undefined =>
      before === undefined ? undefined : builds.file(before, `${key}/${path}`)?.toString('utf8');
    const texts = {
      tasks: tasksText(context, name, old('tasks')),
      artifacts: artifactTexts(context, name, old),
    };
    const isSame = [...texts.artifacts].every(([path, text]) => old(path) === text);
    if (old('tasks') === texts.tasks && isSame) continue;
    onRecipe(name);
    const stood = site.head();
    if (stood !== undefined) site.history().refs.write(refs.build(number), stood);
    yield [key, recipeRecord(context, name, { ...texts, old })];
    site.letGo();
  }
}

/** A file of the recipe in the build before. */
type Old = (path: string) => string | undefined;

interface Texts {
  readonly tasks: string;
  /** By path. */
  readonly artifacts: ReadonlyMap<string, string | undefined>;
  readonly old: Old;
}

function recipeRecord(context: BuildContext, name: string, texts: Texts): RecipeRecord {
  const files = new Map<string, string>([['tasks', texts.tasks]]);
  if (context.graph.recipes.get(name)?.native === true) files.set('native', '');
  for (const [path, text] of texts.artifacts) if (text !== undefined) files.set(path, text);
  for (const id of tasksOf(context, name)) {
    const path = `inputs/${splitTaskId(id).task}`;
    const inputs =
      context.known.signature(id) === undefined ? texts.old(path) : formatInputs(context.signer.inputs(id));
    if (inputs !== undefined) files.set(path, inputs);
  }
  const work = lastInForce(context, context.site(name));
  return { files, ...(work === undefined ? {} : { work }) };
}

function tasksOf(context: BuildContext, name: string): readonly TaskId[] {
  return (context.graph.arrangements.get(name)?.order ?? []).map((task) => taskId(name, task));
}

/**
 * A line a task: name, signature, and its commit or `-` where it was covered. What this build had no part in stands
 * where it stood.
 */
function tasksText(context: BuildContext, name: string, old: string | undefined): string {
  const before = new Map(old?.split('\n').map((line) => [line.split(' ')[0], line]));
  return tasksOf(context, name)
    .map((id) => {
      const signature = context.known.signature(id);
      const { task } = splitTaskId(id);
      const old = before.get(task);
      if (signature === undefined) return old;
      // A commit that was recorded under this signature need not be read again.
      const line = (commit: CommitId | undefined): string => `${task} ${signature} ${commit ?? '-'}`;
      const named = line(context.site(name).named(task, signature));
      return old === named ? old : line(resultInForce(context, context.site(name), task));
    })
    .filter((line) => line !== undefined)
    .map((line) => `${line}\n`)
    .join('');
}

/** The artifact of do_install, and those of other tasks that have one. */
function artifactTexts(
  context: BuildContext,
  name: string,
  old: Old,
): ReadonlyMap<string, string | undefined> {
  const tasks = context.graph.recipes.get(name)?.tasks ?? [];
  return new Map(
    tasks
      .filter(({ artifact }) => artifact)
      .map(({ name: task }) => {
        const path = artifactRecord(task);
        return [path, artifactText(context, taskId(name, task), old(path))] as const;
      }),
  );
}

function artifactText(context: BuildContext, id: TaskId, old: string | undefined): string | undefined {
  const signature = context.known.signature(id);
  if (signature === undefined) return old;
  const { known, store, mirrors } = context;
  const stored = store.lookup(signature);
  const copies = [
    localArtifact(context.site(splitTaskId(id).recipe), signature),
    stored.kind === 'found' ? stored.entry : undefined,
    mirrors?.known(signature),
  ];
  // A copy of another content may lie in the history: the one in force is what dependants go by.
  const inForce = known.identity(id);
  const found = copies.find((copy) => copy !== undefined && (inForce ?? copy.id) === copy.id);
  if (found === undefined) return undefined;
  const { recipe, task } = splitTaskId(id);
  const deployed = deployedTo(context.places, context.site(recipe).recipe, task);
  return formatArtifact({ signature, id: found.id, tree: found.tree, ...(deployed && { deployed }) });
}
