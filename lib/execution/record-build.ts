/** Writes a build into builds.git: where every recipe stood, and all that its tasks depended on. */
import type { Recorded } from '../history/build-tree.ts';
import type { Builds, RecipeRecord } from '../history/builds.ts';
import { formatInputs } from '../signatures/inputs-text.ts';
import type { Counts } from '../terms/events.ts';
import { splitTaskId, taskId, type CommitId, type Signature, type TaskId } from '../terms/ids.ts';
import { refs } from '../terms/places.ts';
import type { BuildContext } from './build-context.ts';
import { deployedTo } from './outline/deployed-to.ts';
import { artifactRecord, formatArtifact, type RecordedArtifact } from './results/artifact-record.ts';
import { localArtifact } from './results/recipe-artifacts.ts';
import { formatTask } from './results/recorded-task.ts';
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
  const before = builds.recorded(builds.list().at(-1) ?? 0);
  for (const name of context.graph.recipes.keys()) {
    const site = context.site(name);
    const key = `${site.recipe.packageArch}/${name}`;
    const old = before(key);
    const texts = { tasks: tasksText(context, name, old), artifacts: artifactTexts(context, name, old) };
    const isSame = [['tasks', texts.tasks] as const, ...texts.artifacts].every(([path, text]) =>
      old.says(path, text),
    );
    if (isSame) continue;
    onRecipe(name);
    const stood = site.head();
    if (stood !== undefined) site.history().refs.write(refs.build(number), stood);
    yield [key, recipeRecord(context, name, { ...texts, old })];
    site.letGo();
  }
}

interface Texts {
  readonly tasks: string;
  /** By path. */
  readonly artifacts: ReadonlyMap<string, string | undefined>;
  readonly old: Recorded;
}

function recipeRecord(context: BuildContext, name: string, texts: Texts): RecipeRecord {
  const files = new Map<string, string>([['tasks', texts.tasks]]);
  if (context.graph.recipes.get(name)?.native === true) files.set('native', '');
  for (const [path, text] of texts.artifacts) if (text !== undefined) files.set(path, text);
  for (const id of tasksOf(context, name)) {
    const path = `inputs/${splitTaskId(id).task}`;
    const inputs =
      context.known.signature(id) === undefined
        ? texts.old.text(path)
        : formatInputs(context.signer.inputs(id));
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
function tasksText(context: BuildContext, name: string, old: Recorded): string {
  const site = context.site(name);
  const tasks = tasksOf(context, name).map((id) => splitTaskId(id).task);
  const signed = new Map(
    tasks.flatMap((task) => {
      const signature = context.known.signature(taskId(name, task));
      return signature === undefined ? [] : [[task, signature] as const];
    }),
  );
  const commits = site.namedEach(signed);
  const commitOf = (task: string): CommitId | undefined =>
    alwaysRuns(context, name, task) ? resultInForce(context, site, task) : commits.get(task);
  const named = (task: string, signature: Signature): string => lineOf(task, signature, commitOf(task));
  // Commits that were recorded under these signatures need not be read again.
  const asNamed = [...signed].map(([task, signature]) => named(task, signature)).join('');
  if (signed.size === tasks.length && old.says('tasks', asNamed)) return asNamed;
  const before = new Map(
    old
      .text('tasks')
      ?.split(/(?<=\n)/)
      .map((line) => [line.split(' ')[0], line]),
  );
  return tasks
    .map((task) => {
      const [signature, stood] = [signed.get(task), before.get(task)];
      if (signature === undefined || stood === named(task, signature)) return stood ?? '';
      return lineOf(task, signature, resultInForce(context, site, task));
    })
    .join('');
}

const alwaysRuns = ({ graph }: BuildContext, recipe: string, task: string): boolean =>
  graph.tasks.get(taskId(recipe, task))?.shape.nostamp === true;

const lineOf = (task: string, signature: Signature, commit: CommitId | undefined): string =>
  `${formatTask({ task, signature, ...(commit !== undefined && { commit }) })}\n`;

/** The artifact of do_install, and those of other tasks that have one. */
function artifactTexts(
  context: BuildContext,
  name: string,
  old: Recorded,
): ReadonlyMap<string, string | undefined> {
  const tasks = context.graph.recipes.get(name)?.tasks ?? [];
  return new Map(
    tasks
      .filter(({ artifact }) => artifact)
      .map(({ name: task }) => {
        const path = artifactRecord(task);
        const id = taskId(name, task);
        const signature = context.known.signature(id);
        return [
          path,
          signature === undefined ? old.text(path) : artifactText(context, id, signature),
        ] as const;
      }),
  );
}

function artifactText(context: BuildContext, id: TaskId, signature: Signature): string | undefined {
  const { recipe, task } = splitTaskId(id);
  const site = context.site(recipe);
  const found = artifactInForce(context, id, signature);
  if (found === undefined) return undefined;
  const deployed = deployedTo(context.places, site.recipe, task);
  return formatArtifact({ signature, id: found.id, tree: found.tree, ...(deployed && { deployed }) });
}

/** A copy of another content may lie in the history: the one in force is what dependants go by. */
function artifactInForce(
  { known, store, mirrors, site }: BuildContext,
  id: TaskId,
  signature: Signature,
): Pick<RecordedArtifact, 'id' | 'tree'> | undefined {
  const inForce = known.identity(id);
  const counts = (copy: { readonly id: string } | undefined): boolean =>
    copy !== undefined && (inForce ?? copy.id) === copy.id;
  const local = localArtifact(site(splitTaskId(id).recipe), signature);
  if (counts(local)) return local;
  const stored = store.lookup(signature);
  const copies = [stored.kind === 'found' ? stored.entry : undefined, mirrors?.known(signature)];
  return copies.find(counts);
}
