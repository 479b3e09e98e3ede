/** Which recipes of a build are built with a person's edits, and from which task on. */
import { relative } from 'node:path';
import { chainOf } from '../../graph/chain-of.ts';
import { sourceTasks } from '../../graph/source-tasks.ts';
import type { World } from '../../ports/world.ts';
import type { BuildEvent } from '../../terms/events.ts';
import { splitTaskId, type Signature, type TaskId } from '../../terms/ids.ts';
import type { Input } from '../../terms/inputs.ts';
import type { TaskGraph, TaskNode } from '../../terms/task-graph.ts';
import { madeOn, readEditing, writeEditing, type Editing } from './editing.ts';
import { editsNumber } from '../workdir/find-left.ts';
import { keepAsEdits } from '../workdir/keep-left.ts';
import type { Site } from '../workdir/site.ts';
import { takeUpEdits } from './take-up-edits.ts';

export interface EditsInBuild {
  /** The edits that the recipe is built with; `from` is the first task that goes on from them. */
  get(recipe: string): Editing | undefined;
  /** Edits that were to be used and do not fit, which was told. */
  passedOver(recipe: string): Editing | undefined;
  /**
   * What edits add to the inputs of a task that has the signature `plain` without them. To be asked in the order of the
   * tasks: the first that is not as it was when the edits were made goes on from them.
   */
  inputOf(task: TaskNode, plain: Signature): { readonly input: Input; readonly first: boolean } | undefined;
}

export interface EditsRequest {
  readonly world: World;
  readonly graph: TaskGraph;
  readonly site: (recipe: string) => Site;
  readonly forced: ReadonlySet<TaskId>;
  /** False: nothing is written, and edits in a WORKDIR are taken as if they were kept. */
  readonly keep: boolean;
  readonly emit: (event: BuildEvent) => void;
}

/** Edits, and the signatures of the results that they were made on. */
interface Used extends Editing {
  readonly madeOn: ReadonlyMap<string, Signature>;
}

/** Finds the edits that the recipes of a build are built with. */
export function findEditsInBuild(request: EditsRequest): EditsInBuild {
  const edits = new Map<string, Used>();
  const passedOver = new Map<string, Editing>();
  for (const recipe of request.graph.recipes.keys()) {
    const used = usedIn(request, recipe);
    if (used !== undefined) edits.set(recipe, used);
  }
  return {
    get: (recipe) => edits.get(recipe),
    passedOver: (recipe) => passedOver.get(recipe),
    inputOf(task, plain) {
      const { recipe } = task;
      const used = edits.get(recipe);
      if (used === undefined) return undefined;
      const role = roleOf(request.graph, task, { used, plain });
      if (role === 'before') return undefined;
      if (role === 'stranger') {
        edits.delete(recipe);
        passedOver.set(recipe, used);
        tellPassedOver(request, recipe, used);
        return undefined;
      }
      const from = role === 'first' ? task.shape.name : used.from;
      if (role === 'first') {
        edits.set(recipe, { ...used, from });
        putInForce(request, recipe, { ...used, from });
      }
      return { input: { kind: 'edited', name: from, value: used.tree }, first: role === 'first' };
    },
  };
}

function usedIn({ graph, forced, ...request }: EditsRequest, recipe: string): Used | undefined {
  const site = request.site(recipe);
  const chain = chainOf(graph.arrangements.get(recipe));
  const named = graph.targets
    .filter((id) => forced.has(id) && splitTaskId(id).recipe === recipe)
    .map((id) => splitTaskId(id).task);
  const editing = takeUpEdits({
    ...request,
    site,
    chain,
    forced: chain.find((task) => named.includes(task)),
  });
  return editing === undefined ? undefined : { ...editing, madeOn: madeOn(site, editing.commit) };
}

/** Before, at and after the task that goes on from the edits; or the edits are strangers to what it makes. */
type Role = 'before' | 'first' | 'after' | 'stranger';

function roleOf(
  graph: TaskGraph,
  { recipe, shape }: TaskNode,
  { used, plain }: { readonly used: Used; readonly plain: Signature },
): Role {
  const arrangement = graph.arrangements.get(recipe);
  const chain = chainOf(arrangement);
  const [from, place] = [chain.indexOf(used.from), chain.indexOf(shape.name)];
  if (place === from) return 'first';
  const before = place === -1 ? (arrangement?.ancestors.get(shape.name) ?? []) : [shape.name];
  if (before.some((name) => chain.indexOf(name) >= from)) return 'after';
  const made = used.madeOn.get(shape.name);
  if (place === -1 || shape.noexec || made === plain) return 'before';
  // Edits of other sources, or of nobody knows what, are none of these; later tasks are done anew on the edited ones.
  if (sourceTasks(chain).includes(shape.name)) return 'stranger';
  return made === undefined ? 'before' : 'first';
}

function putInForce({ emit, keep, site }: EditsRequest, recipe: string, edits: Editing): void {
  const { from, commit } = readEditing(site(recipe)) ?? {};
  if (keep && (from !== edits.from || commit !== edits.commit)) {
    keepAsEdits(site(recipe), edits.commit);
    writeEditing(site(recipe), edits);
  }
  emit({
    event: 'message',
    level: 'warning',
    about: recipe,
    text: `${recipe} ${howBuilt(site(recipe), edits)}; its artifact is not published`,
    hints: [
      `varve edit finish ${recipe}   makes patches of them`,
      `varve edit drop ${recipe}   builds it without them`,
    ],
  });
}

function howBuilt(site: Site, { commit, from }: Editing): string {
  const left = site.history().readTask(commit);
  if (left?.cutOff !== true) return `is built with your edits from ${from} on`;
  return `goes on from where ${splitTaskId(left.task).task} was cut off, with what was edited meanwhile`;
}

function tellPassedOver({ world, emit, site }: EditsRequest, recipe: string, edits: Editing): void {
  const number = editsNumber(site(recipe), edits.commit);
  const rev = `${recipe}:edited@${number}`;
  const dir = relative(world.cwd, site(recipe).workdir);
  const isInForce = readEditing(site(recipe))?.commit === edits.commit;
  emit({
    event: 'message',
    level: 'warning',
    about: recipe,
    text: `${recipe}: your edits${number === undefined ? '' : ` (${rev})`} were made on other sources; this build does not use them`,
    hints: [
      ...(number === undefined ? [] : [`varve diff ${rev} | patch -p1 -d ${dir}   puts them on these`]),
      ...(isInForce ? [`varve edit drop ${recipe}   gives them up`] : []),
    ],
  });
}
