/** Finds recipes in recorded builds by the names that people type. */
import { relative } from 'node:path';
import { runningBuild } from '../../execution/holding/hold-build-lock.ts';
import type { RecordedBuild } from '../../history/recorded-build.ts';
import { byKey } from '../../terms/by-key.ts';
import { closest } from '../../terms/closest.ts';
import { refs } from '../../terms/places.ts';
import type { RecipeName } from '../../terms/revision.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { buildInImport, isImport } from './imports.ts';
import { meantArch } from './meant-arch.ts';
import type { TheRecord } from './open-record.ts';
import type { RecordedRecipe } from './recorded-recipe.ts';
import { spokenIn } from './spoken-in.ts';

/** Where a recipe stood in a build. */
export interface Standing {
  readonly build: RecordedBuild;
  readonly recipe: RecordedRecipe;
}

/**
 * Finds where a recipe stood in `build` (as it was typed), or in the newest build that has it, not with edits that were
 * dropped since. Throws with the nearest name where the record has no such recipe.
 */
export function findRecorded(record: TheRecord, name: RecipeName, build?: string): Standing {
  if (build !== undefined) {
    const found = buildSpoken(record, name, build);
    const recipe = recipeIn(record, found, name);
    if (recipe === undefined) throw notInBuild(record, name, found);
    return { build: found, recipe };
  }
  const newest = findInForce(record, name, () => true);
  if (newest === undefined) throw unknownRecipe(record, name);
  return newest;
}

/**
 * Finds where a recipe stood with an artifact (do_install's where no task is named): in `build`, or in the newest build
 * in which it has one.
 */
export function findWithArtifact(
  record: TheRecord,
  name: RecipeName,
  wanted: { readonly task?: string; readonly build: string | undefined },
): Standing {
  if (wanted.build !== undefined) return findRecorded(record, name, wanted.build);
  return (
    findInForce(record, name, ({ recipe }) => recipe.artifact(wanted.task) !== undefined) ??
    findRecorded(record, name)
  );
}

/** Finds where a task stood with a commit: in `build`, or in the newest build in which its own result is at hand. */
export function findWithTask(
  record: TheRecord,
  name: RecipeName,
  wanted: { readonly task: string; readonly build: string | undefined },
): Standing {
  if (wanted.build !== undefined) return findRecorded(record, name, wanted.build);
  const isAtHand = ({ recipe }: Standing): boolean => {
    const commit = recipe.task(wanted.task)?.commit;
    return commit !== undefined && record.history(recipe.arch, recipe.recipe)?.objects.has(commit) === true;
  };
  return findInForce(record, name, isAtHand) ?? findRecorded(record, name);
}

/** Finds the newest build, not after `last`, in which an artifact (do_install's where no task is named) stands. */
export function findArtifact(
  record: TheRecord,
  wanted: { readonly recipe: string; readonly task?: string; readonly id: string },
  last = Infinity,
): Standing | undefined {
  for (const build of record.builds.toReversed()) {
    if (build.n > last) continue;
    const recipe = record
      .recipes(build, { recipe: wanted.recipe })
      .find((each) => each.artifact(wanted.task)?.id === wanted.id);
    if (recipe !== undefined) return { build, recipe };
  }
  return undefined;
}

/** Where the recipe stands in every build that has it, oldest first. */
export function standings(record: TheRecord, name: RecipeName): readonly Standing[] {
  return [...standingsBack(record, name)].toReversed();
}

/** Finds the newest build, before the one of a number, in which the recipe stands as it is wanted. */
export function findNewest(
  record: TheRecord,
  name: RecipeName,
  isWanted: (standing: Standing) => boolean,
  before = Infinity,
): Standing | undefined {
  for (const standing of standingsBack(record, name, before)) if (isWanted(standing)) return standing;
  return undefined;
}

/** The newest that is wanted: of those without edits that were dropped since, else of all. */
function findInForce(
  record: TheRecord,
  name: RecipeName,
  isWanted: (standing: Standing) => boolean,
): Standing | undefined {
  const isOf = byKey(
    (recipe: RecordedRecipe) => isOfDroppedEdits(record, recipe),
    ({ oid }) => oid,
  );
  return (
    findNewest(record, name, (standing) => isWanted(standing) && !isOf(standing.recipe)) ??
    findNewest(record, name, isWanted)
  );
}

/** Most recipes never had any edits, and neither their inputs nor their builds need be read to find those. */
export function hadNoEdits({ imported, history }: TheRecord, { arch, recipe }: RecordedRecipe): boolean {
  return imported === undefined && history(arch, recipe)?.refs.list(refs.allEdited).size === 0;
}

/** An import is as it was exported: nobody drops edits in it. */
function isOfDroppedEdits(record: TheRecord, recipe: RecordedRecipe): boolean {
  if (record.imported !== undefined || hadNoEdits(record, recipe)) return false;
  if (record.history(recipe.arch, recipe.recipe)?.refs.read(refs.editing) !== undefined) return false;
  return [...recipe.inputIds().keys()].some((task) => (recipe.inputs(task, 'edited') ?? []).length > 0);
}

/**
 * Where the recipe stands, newest first: no build is read that nobody waits for. Of several PACKAGE_ARCHs with the name it is
 * the one that is meant in the newest build, in older ones too.
 */
function* standingsBack(record: TheRecord, name: RecipeName, before = Infinity): Generator<Standing> {
  let meant = name;
  for (const build of record.builds.toReversed()) {
    if (build.n >= before) continue;
    const there = record.recipes(build, meant);
    const recipe = theOne(there, build);
    if (recipe === undefined) continue;
    if (there.length > 1) meant = { ...name, arch: recipe.arch };
    yield { build, recipe };
  }
}

/** The recipe in one build. Of several PACKAGE_ARCHs with the name that of the build's machine or target is meant. */
export function recipeIn(
  record: TheRecord,
  build: RecordedBuild,
  name: RecipeName,
): RecordedRecipe | undefined {
  return theOne(record.recipes(build, name), build);
}

function theOne(found: readonly RecordedRecipe[], build: RecordedBuild): RecordedRecipe | undefined {
  const [first] = found;
  if (first === undefined || found.length === 1) return first;
  const archs = found.map(({ arch }) => arch);
  const meant = meantArch(build, archs);
  if (meant !== undefined) return found[archs.indexOf(meant)];
  throw new VarveError('usage', `${first.recipe} stands in several PACKAGE_ARCHs: ${archs.join(', ')}`, {
    hints: found.map(({ arch, recipe }) => `name one: ${arch}/${recipe}`),
  });
}

function notInBuild(record: TheRecord, name: RecipeName, build: RecordedBuild): VarveError {
  const having = standings(record, name).map((standing) => standing.build.n);
  if (having.length === 0) return unknownRecipe(record, name);
  return new VarveError('usage', `build ${build.n} has no ${spoken(name)}`, {
    hints: [
      `the newest build that has it is ${having.at(-1)}: ${spokenIn(record, `${spoken(name)}@${having.at(-1)}`)}`,
    ],
  });
}

function buildSpoken(record: TheRecord, name: RecipeName, build: string): RecordedBuild {
  try {
    return record.build(build);
  } catch (error) {
    throw importInsteadOfRecipe(record, name) ?? error;
  }
}

/** `ann@1` for `@ann@1`. */
function importInsteadOfRecipe(
  { imported, world, places }: TheRecord,
  { recipe }: RecipeName,
): VarveError | undefined {
  if (imported !== undefined || !isImport(world, places, recipe)) return undefined;
  const build = buildInImport(world, places, recipe);
  return new VarveError('usage', `'${recipe}' is an import, and no build has a recipe of that name`, {
    hints: [`${build} is a build of it, RECIPE${build} what stands in that`],
  });
}

function unknownRecipe(record: TheRecord, name: RecipeName): VarveError {
  const meant = importInsteadOfRecipe(record, name);
  if (meant !== undefined) return meant;
  const newest = record.builds.at(-1);
  if (newest === undefined) {
    return new VarveError('usage', 'nothing was built here yet', {
      hints: atWork(record) ?? [`varve build ${name.recipe}`],
    });
  }
  const known = [
    ...new Set(
      record.builds
        .toReversed()
        .slice(0, 20)
        .flatMap((build) => record.recipes(build).map(({ recipe }) => recipe)),
    ),
  ];
  const near = closest(name.recipe, known);
  return new VarveError('usage', `no build has a recipe ${spoken(name)}`, {
    hints:
      near === undefined
        ? (atWork(record) ?? [
            `varve build ${name.recipe}   builds it`,
            'varve recipes   lists what there is to build',
          ])
        : [`did you mean "${near}"?`],
  });
}

/** A build is recorded when it ends. */
function atWork({ world, places }: TheRecord): readonly string[] | undefined {
  const running = runningBuild(world, places);
  if (running === undefined) return undefined;
  return [
    `${running} is at work; it is in the record when it has ended.`,
    `Until then its logs are ${relative(world.cwd, places.tmpDir)}/work/*/*/temp/log.do_*`,
  ];
}

const spoken = ({ arch, recipe }: RecipeName): string => (arch === undefined ? recipe : `${arch}/${recipe}`);
