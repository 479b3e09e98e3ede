/** What planning needs of a recipe's variables, in plain data, so that it is kept between runs. */
import { taskInputs } from '../../language/signature-text.ts';
import type { Datastore, Origin } from '../../language/datastore.ts';
import type { LoadedRecipe, TaskOf } from '../../layers/load-metadata.ts';
import { splitWords } from '../../layers/split-words.ts';
import type { Input } from '../../terms/inputs.ts';
import { VarveError, type Place } from '../../terms/varve-error.ts';
import { dependencyPlaces } from './dependency-places.ts';
import { isSet } from './is-set.ts';
import { knownTaskFlags } from './known-task-flags.ts';
import { sourceOutline, type SourceOutline } from './source-outline.ts';
import type { NativeName } from '../task/split-body.ts';
import { nativeNames } from '../task/task-functions.ts';

export interface RecipeOutline {
  /** BB_DEFAULT_TASK, without `do_`. */
  readonly defaultTask: string;
  /** SOURCE_DATE_EPOCH; left out where it is not set. */
  readonly epoch?: number;
  /** SYSROOT_DIRS; none: the whole artifact. */
  readonly sysrootDirs: readonly string[];
  readonly tasks: readonly TaskOutline[];
  /** Where it asks for other recipes: the name that it uses, and `file:line`. */
  readonly dependencyPlaces: readonly (readonly [name: string, at: string])[];
  /** Left out where varve itself has nothing to do with the sources. */
  readonly sources?: SourceOutline;
  /** HOSTTOOLS_CROSS: tools that it may call beside those that every recipe may; left out where there are none. */
  readonly crossTools?: readonly string[];
  /** What enters signatures; the tasks say which of these are theirs. */
  readonly inputs: readonly Input[];
}

/** One task, by its flags; lists are as they were written. Most tasks have few flags: what says nothing is left out. */
export interface TaskOutline {
  /** With its `do_`. */
  readonly name: string;
  readonly noexec?: true | undefined;
  readonly nostamp?: true | undefined;
  /** `[artifact]`. */
  readonly artifact?: string | undefined;
  /** `[deployed]`. */
  readonly deployed?: string | undefined;
  /** `[depends]` and `[rdepends]`. */
  readonly depends?: readonly string[] | undefined;
  readonly deptask?: readonly string[] | undefined;
  readonly rdeptask?: readonly string[] | undefined;
  readonly recrdeptask?: readonly string[] | undefined;
  /** `[file-checksums]`. */
  readonly files?: readonly string[] | undefined;
  readonly lockfiles?: readonly string[] | undefined;
  /** Where flags are set that errors or inputs speak of. */
  readonly places?: FlagPlaces | undefined;
  /** Flags that mean nothing to varve. */
  readonly unknownFlags?: readonly { readonly flag: string; readonly place?: Place }[] | undefined;
  /** What varve does itself in it. */
  readonly native?: readonly NativeName[] | undefined;
  /** Places in the recipe's `inputs`; left out where they cannot be worked out, which is an error once it is signed. */
  readonly inputs?: readonly number[] | undefined;
}

interface FlagPlaces {
  readonly artifact?: Place | undefined;
  readonly deployed?: Place | undefined;
  readonly depends?: Place | undefined;
}

/** Reads the outline of a recipe, or remembers it. */
export function outlineOf(recipe: LoadedRecipe): RecipeOutline {
  return recipe.remember('outline', (data) => outline(recipe, data));
}

/** Finds the outline of a task that the recipe has. */
export function taskOutlineOf(recipe: LoadedRecipe, name: string): TaskOutline {
  const found = outlineOf(recipe).tasks.find((task) => task.name === name);
  if (found === undefined) throw new Error(`${recipe.name} has no task ${name}`);
  return found;
}

/** What the recipe's texts and flags bring into the signature of one of its tasks. */
export function ownInputsOf(recipe: LoadedRecipe, name: string): readonly Input[] {
  const { inputs } = outlineOf(recipe);
  const own = taskOutlineOf(recipe, name).inputs?.map((index) => inputs[index]);
  return own?.filter((input) => input !== undefined) ?? taskInputs(recipe.data, name);
}

function outline(recipe: LoadedRecipe, data: Datastore): RecipeOutline {
  const inputs: Input[] = [];
  const byName = new Map<string, number[]>();
  const indexOf = (input: Input): number => {
    const alike = byName.get(input.name) ?? [];
    const known = alike.find((index) => isSame(inputs[index], input));
    if (known !== undefined) return known;
    byName.set(input.name, [...alike, inputs.length]);
    return inputs.push(input) - 1;
  };
  const tasks = recipe.tasks.map((task) => taskOutline(data, task, indexOf));
  const epoch = Number(data.get('SOURCE_DATE_EPOCH') ?? '');
  const crossTools = splitWords(data.get('HOSTTOOLS_CROSS'));
  const dirs = splitWords(data.get('SYSROOT_DIRS'));
  return {
    defaultTask: data.get('BB_DEFAULT_TASK') ?? 'build',
    ...(epoch > 0 ? { epoch } : {}),
    sysrootDirs: dirs.includes('/') ? [] : dirs,
    tasks,
    dependencyPlaces: [...dependencyPlaces(data, recipe.name)],
    ...(tasks.some(({ native }) => native !== undefined) ? { sources: sourceOutline(data) } : {}),
    ...(crossTools.length > 0 ? { crossTools } : {}),
    inputs,
  };
}

function isSame(a: Input | undefined, b: Input): boolean {
  if (a === undefined || a.kind !== b.kind || a.value !== b.value || a.at !== b.at) return false;
  const { parts = [] } = a;
  return (
    parts.length === (b.parts?.length ?? 0) &&
    parts.every(({ at, mark }, index) => at === b.parts?.[index]?.at && mark === b.parts[index]?.mark)
  );
}

function taskOutline(data: Datastore, { name }: TaskOf, indexOf: (input: Input) => number): TaskOutline {
  const words = (flag: string): readonly string[] => splitWords(data.flag(name, flag));
  const noexec = isSet(data.flag(name, 'noexec')) || undefined;
  const inputs = noexec ? [] : inputsOrNone(data, name)?.map(indexOf);
  const origins = data.origins(name);
  return {
    name,
    noexec,
    nostamp: isSet(data.flag(name, 'nostamp')) || undefined,
    artifact: data.flag(name, 'artifact')?.trim() || undefined,
    deployed: data.flag(name, 'deployed')?.trim() || undefined,
    depends: unlessEmpty([...words('depends'), ...words('rdepends')]),
    deptask: unlessEmpty(words('deptask')),
    rdeptask: unlessEmpty(words('rdeptask')),
    recrdeptask: unlessEmpty(words('recrdeptask')),
    files: unlessEmpty(words('file-checksums')),
    lockfiles: unlessEmpty(words('lockfiles')),
    places: flagPlaces(origins),
    unknownFlags: unlessEmpty(unknownFlags(data.flags(name), origins)),
    native: unlessEmpty([...nativeNames(data, name)]),
    inputs,
  };
}

const unlessEmpty = <T>(list: readonly T[]): readonly T[] | undefined =>
  list.length === 0 ? undefined : list;

/** A task that cannot be signed is in nobody's way who does not need it. */
function inputsOrNone(data: Datastore, task: string): readonly Input[] | undefined {
  try {
    return taskInputs(data, task);
  } catch (error) {
    if (error instanceof VarveError) return undefined;
    throw error;
  }
}

function unknownFlags(
  flags: ReadonlyMap<string, string>,
  origins: readonly Origin[],
): NonNullable<TaskOutline['unknownFlags']> {
  return [...flags.keys()]
    .filter((flag) => !knownTaskFlags.has(flag))
    .map((flag) => {
      const place = flagPlace(origins, [flag]) ?? flagPlace(origins, [undefined]);
      return { flag, ...(place === undefined ? {} : { place }) };
    });
}

function flagPlaces(origins: readonly Origin[]): FlagPlaces | undefined {
  const artifact = flagPlace(origins, ['artifact']);
  const deployed = flagPlace(origins, ['deployed']);
  const depends = flagPlace(origins, ['depends', 'rdepends']);
  const isNone = artifact === undefined && deployed === undefined && depends === undefined;
  return isNone ? undefined : { artifact, deployed, depends };
}

/** The statement that set one of these flags last; of `undefined`, that which set the value. */
function flagPlace(origins: readonly Origin[], flags: readonly (string | undefined)[]): Place | undefined {
  const origin = origins.findLast(({ flag }) => flags.includes(flag));
  return origin === undefined ? undefined : { file: origin.file, line: origin.line };
}
