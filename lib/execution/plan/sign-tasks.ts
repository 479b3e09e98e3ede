/** Puts together all that a task depends on: one list, which is hashed, stored and shown. */
import { installTask } from '../../graph/arrange-tasks.ts';
import type { LoadedRecipe } from '../../layers/load-metadata.ts';
import type { Known, Signed } from '../../planning/planner.ts';
import { afterInput } from '../../signatures/after-input.ts';
import { computeSignature, type WrittenInputs } from '../../signatures/compute-signature.ts';
import type { SourceInputs } from '../../sources/source-inputs.ts';
import { splitTaskId, taskId, type Signature, type TaskId } from '../../terms/ids.ts';
import type { Input } from '../../terms/inputs.ts';
import type { TaskGraph, TaskNode } from '../../terms/task-graph.ts';
import type { SysrootParts } from '../../graph/sysroot-parts.ts';
import type { EditsInBuild } from '../edits/edits-in-build.ts';
import { ownInputsOf, taskOutlineOf } from '../outline/recipe-outline.ts';
import { createAskingPlace, type AskingPlace } from './asking-place.ts';
import { createStagedInputs, type Staged, type StagedInputs } from './staged-inputs.ts';

export interface SigningContext {
  readonly graph: TaskGraph;
  readonly recipe: (name: string) => LoadedRecipe;
  readonly sysroot: (task: TaskId) => SysrootParts;
  /** What the sources of a recipe add to the tasks that fetch and unpack them. */
  readonly sources: (recipe: LoadedRecipe) => SourceInputs;
  readonly hostTools: (recipe: LoadedRecipe) => readonly Input[];
  readonly files: (recipe: LoadedRecipe, task: string) => readonly Input[];
  readonly edits: Pick<EditsInBuild, 'inputOf'>;
  /** The inputs of a task whose recorded result is to be used. */
  readonly standing?: ((task: TaskId) => readonly Input[] | undefined) | undefined;
}

export interface Signer {
  sign(task: TaskNode, known: Known): Signed;
  /** The inputs of a task that was signed. */
  inputs(task: TaskId): readonly Input[];
  /** The inputs of a task that cannot be signed yet: what others will produce is `unknown` in them. */
  draft(task: TaskNode, known: Known): readonly Input[];
  /** The signature that a task would have, without edits, if what is `known` were so. */
  suppose(task: TaskNode, known: Known): Signature;
  /** A file that by now is another than the one that a task was signed with; its path. */
  otherFile(task: TaskNode): string | undefined;
  /** All tasks signed so far. */
  signed(): Iterable<TaskId>;
}

interface Signing extends SigningContext {
  readonly askingPlace: AskingPlace;
  readonly staged: StagedInputs;
}

/** Makes the signer of one plan. */
export function createSigner(context: SigningContext): Signer {
  /** As the lists that they were put together from, of which tasks share the long ones. */
  const all = new Map<TaskId, InputLists>();
  const signatureOf = createSigning();
  const askingPlace = createAskingPlace(context.recipe);
  const signing: Signing = {
    ...context,
    askingPlace,
    staged: createStagedInputs(context.recipe, askingPlace),
  };
  return {
    sign(task, known) {
      const unedited = inputsOf(signing, task, known);
      const plain = signatureOf(unedited);
      const edited = context.edits.inputOf(task, plain);
      const lists = edited === undefined ? unedited : { ...unedited, own: [...unedited.own, edited.input] };
      all.set(task.id, lists);
      return {
        signature: edited === undefined ? plain : signatureOf(lists),
        fromEdits: edited?.first ?? false,
      };
    },
    inputs: (task) => listOf(all.get(task)),
    draft: (task, known) => listOf(inputsOf(signing, task, known)),
    suppose: (task, known) => signatureOf(inputsOf(signing, task, known)),
    otherFile: (task) =>
      otherFile(filesIn(listOf(all.get(task.id))), () => filesIn(ownInputs(context, task))),
    signed: () => all.keys(),
  };
}

interface InputLists {
  readonly own: readonly Input[];
  /** The artifacts in its sysroots, which tasks of a recipe share. */
  readonly staged: Staged;
}

const nothingStaged: Staged = {
  isEmpty: true,
  inputs: () => [],
  written: () => ({ kind: 'artifact', text: '' }),
};

const listOf = ({ own, staged }: InputLists = { own: [], staged: nothingStaged }): readonly Input[] =>
  staged.inputs().concat(own);

const filesIn = (inputs: readonly Input[]): readonly Input[] => inputs.filter(({ kind }) => kind === 'file');

/** Where no file is named, none can have come. */
function otherFile(signed: readonly Input[], look: () => readonly Input[]): string | undefined {
  if (signed.length === 0) return undefined;
  const now = look();
  const keyOf = ({ name, value }: Input): string => `${name}\0${value}`;
  const [before, after] = [new Set(signed.map(keyOf)), new Set(now.map(keyOf))];
  const other =
    now.find((file) => !before.has(keyOf(file))) ?? signed.find((file) => !after.has(keyOf(file)));
  return other?.at ?? other?.name;
}

/** Tasks of one recipe are mostly signed one after the other: of what they share only the last is kept written. */
function createSigning(): (lists: InputLists) => Signature {
  let last: { readonly staged: Staged; readonly written: WrittenInputs } | undefined;
  return ({ own, staged }) => {
    if (staged.isEmpty) return computeSignature(own);
    if (last?.staged !== staged) last = { staged, written: staged.written() };
    return computeSignature(own, last.written);
  };
}

function inputsOf(context: Signing, task: TaskNode, known: Known): InputLists {
  const standing = context.standing?.(task.id);
  if (standing !== undefined) return { own: standing, staged: nothingStaged };
  const parts = context.sysroot(task.id);
  return {
    own: [...ownInputs(context, task), ...resultInputs(context, task, { parts, known })],
    staged: context.staged(task, parts, known),
  };
}

/** What the recipe itself says: texts, flags, files, sources, and the host tools it may call. */
function ownInputs(context: SigningContext, node: TaskNode): readonly Input[] {
  if (node.shape.noexec) return [];
  const recipe = context.recipe(node.recipe);
  const { native = [] } = taskOutlineOf(recipe, node.shape.name);
  const sources = native.length > 0 ? context.sources(recipe) : undefined;
  const tellsOfSources = native.includes('describe_recipe');
  return [
    ...ownInputsOf(recipe, node.shape.name),
    ...(native.includes('fetch') ? (sources?.fetch ?? []) : []),
    ...(native.includes('unpack') || tellsOfSources
      ? [...(sources?.unpack ?? []), ...(sources?.order ?? [])]
      : []),
    ...(native.includes('patch') || tellsOfSources ? (sources?.patch ?? []) : []),
    ...context.files(recipe, node.shape.name),
    ...(usesHostTools(context.graph, node) ? context.hostTools(recipe) : []),
  ];
}

/** Compilers and generators count from do_configure on: unpacking with another gcc is the same. */
function usesHostTools(graph: TaskGraph, node: TaskNode): boolean {
  const before = graph.arrangements.get(node.recipe)?.ancestors.get(node.shape.name) ?? [];
  return node.shape.name === 'do_configure' || before.includes('do_configure');
}

/** What the tasks produced that it depends on, but for what it finds in its sysroots. */
function resultInputs(
  context: Signing,
  node: TaskNode,
  { parts, known }: { readonly parts: SysrootParts; readonly known: Known },
): readonly Input[] {
  const isStaged = (recipe: string): boolean =>
    parts.target.includes(recipe) || parts.native.includes(recipe);
  const produced = node.across
    .filter((id) => !(isInstalled(context.graph, id) && isStaged(splitTaskId(id).recipe)))
    .map((id): Input => {
      const place = context.askingPlace(node, splitTaskId(id).recipe);
      return { kind: 'produced', name: id, value: known.identity(id) ?? 'unknown', ...place };
    });
  const after = node.inside.map((id) =>
    afterInput(
      id,
      known.signature(id),
      node.madeOf.includes(id) ? { identity: known.identity(id) } : undefined,
    ),
  );
  return [...produced, ...after];
}

/** The task stands for its recipe's artifact alone, which is listed by itself. */
function isInstalled(graph: TaskGraph, id: TaskId): boolean {
  const producers = graph.producers.get(id) ?? [];
  return producers.length === 1 && producers[0] === taskId(splitTaskId(id).recipe, installTask);
}
