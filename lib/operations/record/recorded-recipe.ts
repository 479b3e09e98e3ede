/** Where one recipe stood in one build, as builds.git holds it. */
import {
  artifactRecord,
  parseArtifact,
  type RecordedArtifact,
} from '../../execution/results/artifact-record.ts';
import { parseTask, parseTasks, type RecordedTask } from '../../execution/results/recorded-task.ts';
import { installTask } from '../../graph/arrange-tasks.ts';
import type { RecipeDirectory } from '../../history/standings.ts';
import type { ObjectStore, TreeEntry } from '../../ports/objects.ts';
import { parseInputs } from '../../signatures/inputs-text.ts';
import { GIT_MODE } from '../../terms/git-mode.ts';
import { type CommitId, type ObjectId, type Signature, type TreeId } from '../../terms/ids.ts';
import type { Input, InputKind } from '../../terms/inputs.ts';
import { once } from '../../terms/once.ts';
import type { RecipeName } from '../../terms/revision.ts';
import { rawPath, shownPath } from '../../trees/raw-text.ts';

/** A recipe's directory in the tree of a build. */
export interface RecordedRecipe {
  readonly arch: string;
  readonly recipe: string;
  /** Of the directory: the same id means that nothing of the recipe differs. */
  readonly oid: ObjectId;
  /** The artifact of do_install, or of the task that is named. */
  artifact(task?: string): RecordedArtifact | undefined;
  /** All artifacts that it has. */
  artifacts(): readonly RecordedArtifact[];
  /** The last commit of its chain. */
  work(): CommitId | undefined;
  /** It is for the machine that builds: others have it in their native sysroot. */
  isNative(): boolean;
  /** Whether a task stands on this commit there, or an artifact has this tree. */
  names(oid: ObjectId): boolean;
  /** In the order in which they run. */
  tasks(): readonly RecordedTask[];
  task(name: string): RecordedTask | undefined;
  /** Tasks whose inputs are recorded, each with the id of the list. */
  inputIds(): ReadonlyMap<string, ObjectId>;
  /** As they are recorded, one a line. */
  inputsText(task: string): string | undefined;
  /** Undefined where none are recorded; of one kind only, where that is asked for. */
  inputs(task: string, only?: InputKind): readonly Input[] | undefined;
}

/** Lists the recipes of a build by PACKAGE_ARCH and name; those that it did not touch are carried forward. */
export function recordedRecipes(objects: ObjectStore, buildTree: TreeId): readonly RecordedRecipe[] {
  return recipeDirectories(objects, buildTree).map((directory) => recordedRecipe(objects, directory));
}

/** Lists the directories of the recipes of a build, or of those of one name. */
export function recipeDirectories(
  objects: ObjectStore,
  buildTree: TreeId,
  wanted: Partial<RecipeName> = {},
): readonly RecipeDirectory[] {
  const directories = (oid: ObjectId, name: string | undefined): readonly TreeEntry[] => {
    const raw = name === undefined ? undefined : rawPath(name);
    return objects
      .readTree(oid)
      .filter((entry) => entry.mode === GIT_MODE.directory && (raw === undefined || entry.name === raw));
  };
  return directories(buildTree, wanted.arch).flatMap((arch) =>
    directories(arch.oid, wanted.recipe).map(({ name, oid }) => ({
      arch: shownPath(arch.name),
      recipe: shownPath(name),
      oid,
    })),
  );
}

/** Tells of a recipe by its directory, which is read when something is asked that it says. */
export function recordedRecipe(
  objects: ObjectStore,
  { arch, recipe, oid, names, task: line, artifact: listed }: RecipeDirectory,
): RecordedRecipe {
  const entry = (path: string): TreeEntry | undefined => {
    const [dir, name] = path.split('/');
    const found = objects.readTree(oid).find((each) => each.name === dir);
    return found === undefined || name === undefined
      ? found
      : objects.readTree(found.oid).find((each) => each.name === name);
  };
  const text = (name: string): string | undefined => {
    const found = entry(name);
    return found === undefined ? undefined : objects.readBlob(found.oid).toString('utf8');
  };
  const inputEntries = (): readonly TreeEntry[] => {
    const inputs = entry('inputs');
    return inputs === undefined ? [] : objects.readTree(inputs.oid);
  };
  const artifacts = (): readonly RecordedArtifact[] => {
    const others = entry('artifacts');
    const tasks = others === undefined ? [] : objects.readTree(others.oid).map(({ name }) => shownPath(name));
    return [installTask, ...tasks].flatMap((task) => parseArtifact(text(artifactRecord(task))) ?? []);
  };
  const tasks = once((): readonly RecordedTask[] => parseTasks(text('tasks') ?? ''));
  const inputsText = (task: string): string | undefined => {
    const found = inputEntries().find(({ name }) => shownPath(name) === task);
    return found === undefined ? undefined : objects.readBlob(found.oid).toString('utf8');
  };
  let known: ReadonlySet<ObjectId> | undefined;
  const isNamed = (object: ObjectId): boolean =>
    (known ??= new Set([
      ...tasks().flatMap(({ commit }) => commit ?? []),
      ...artifacts().map(({ tree }) => tree),
    ])).has(object);
  return {
    arch,
    recipe,
    oid,
    artifact: (task = installTask) =>
      parseArtifact((task === installTask ? listed?.() : undefined) ?? text(artifactRecord(task))),
    artifacts,
    names: names ?? isNamed,
    work: () => entry('work')?.oid as CommitId | undefined,
    isNative: () => entry('native') !== undefined,
    tasks,
    task: (name) => (line === undefined ? tasks().find((each) => each.task === name) : parseTask(line(name))),
    inputIds: () => new Map(inputEntries().map(({ name, oid }) => [shownPath(name), oid])),
    inputsText,
    inputs: (task, only) => {
      const text = inputsText(task);
      return text === undefined ? undefined : parseInputs(text, only);
    },
  };
}

/** What the task of a recipe was made from that has this signature. */
export function inputsBehind(recipe: RecordedRecipe, signature: Signature): readonly Input[] | undefined {
  const found = recipe.tasks().find((each) => each.signature === signature);
  return found === undefined ? undefined : recipe.inputs(found.task);
}
