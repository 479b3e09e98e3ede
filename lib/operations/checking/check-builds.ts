/** Looks whether what builds.git says of recipes is in their histories. */
import { checkConfiguration } from '../../history/check-configuration.ts';
import type { CheckedHistory } from '../../history/check-history.ts';
import { checkRepository, type CheckedRepository } from '../../history/check-repository.ts';
import { putAway } from '../../history/damaged-repository.ts';
import type { Finding } from '../../history/finding.ts';
import { readTrailers } from '../../history/task-commits.ts';
import type { FileSystem } from '../../ports/world.ts';
import { computeSignature } from '../../signatures/compute-signature.ts';
import type { CommitId, ObjectId } from '../../terms/ids.ts';
import { shellWord } from '../../terms/shell-word.ts';
import { recordedRecipes, type RecordedRecipe } from '../record/recorded-recipe.ts';

export interface CheckedBuilds {
  readonly repository: CheckedRepository;
  /** Numbers of the builds, oldest first. */
  readonly numbers: readonly number[];
  /** Each state of a recipe that builds have, once. */
  readonly states: readonly RecipeState[];
  readonly findings: readonly Finding[];
}

/** A recipe as it stood in some builds. */
export interface RecipeState {
  readonly recipe: RecordedRecipe;
  /** Oldest first. */
  readonly builds: readonly number[];
}

/** Checks builds.git itself. */
export function checkBuilds(fs: FileSystem, gitDir: string): CheckedBuilds {
  const repository = checkRepository(fs, gitDir);
  const { objects, refs, typeOf } = repository;
  const tagged = [...refs].flatMap(([name, oid]) => {
    const [, tag] = /^refs\/tags\/(.+)$/.exec(name) ?? [];
    return tag === undefined || typeOf(oid) !== 'commit' ? [] : [{ tag, oid }];
  });
  const states = new Map<ObjectId, { readonly recipe: RecordedRecipe; readonly builds: number[] }>();
  const numbered = tagged
    .filter(({ tag }) => /^[1-9]\d*$/.test(tag))
    .toSorted((a, b) => Number(a.tag) - Number(b.tag));
  // Where something of it is lost, that was told; the rest is still looked at.
  const isWhole = repository.findings.length === 0;
  for (const { tag, oid } of isWhole ? numbered : []) {
    for (const recipe of recordedRecipes(objects, objects.readCommit(oid).tree)) {
      const state = states.get(recipe.oid) ?? { recipe, builds: [] };
      state.builds.push(Number(tag));
      states.set(recipe.oid, state);
    }
  }
  const numbers = numbered.map(({ tag }) => Number(tag));
  return {
    repository,
    numbers,
    states: [...states.values()],
    findings: [
      ...repository.findings,
      ...checkConfiguration(fs, gitDir, { bare: true }),
      ...tagged.flatMap(({ tag, oid }) => wrongTag(repository, tag, oid)),
      ...[...states.values()].flatMap((state) => wrongState({ repository, numbers }, state)),
    ],
  };
}

/** A build's tag is its number, or the name that it was given. */
function wrongTag({ gitDir, objects }: CheckedRepository, tag: string, oid: ObjectId): readonly Finding[] {
  const trailers = readTrailers(objects.readCommit(oid).message);
  if (trailers.get('Build') === tag || trailers.get('Name') === tag) return [];
  const what = `tag ${tag} names build ${trailers.get('Build') ?? 'of no number'}`;
  return [
    { place: gitDir, what, hints: [`git --git-dir ${gitDir} tag -d ${shellWord(tag)}   forgets the name`] },
  ];
}

type Numbered = Pick<CheckedBuilds, 'repository' | 'numbers'>;

/**
 * What is shown of a task is what was hashed, its artifact is that of the same inputs, and where the recipe stood is what
 * one of its tasks left.
 */
function wrongState(of: Numbered, { recipe, builds }: RecipeState): readonly Finding[] {
  const tasks = recipe.tasks();
  const wrong = tasks.flatMap(({ task, signature }) => {
    const inputs = recipe.inputs(task);
    const artifact = recipe.artifact(task);
    return [
      ...(inputs === undefined || computeSignature(inputs) === signature
        ? []
        : [`${recipe.recipe}:${task} has inputs of another signature`]),
      ...(artifact === undefined || artifact.signature === signature
        ? []
        : [`${recipe.recipe}:${task} has the artifact of another signature`]),
    ];
  });
  const work = recipe.work();
  const isLeft = work === undefined || tasks.some(({ commit }) => commit === work);
  if (!isLeft) wrong.push(`the last state of ${recipe.recipe} is one that none of its tasks left`);
  const { gitDir } = of.repository;
  const hints = [forgetBuilds(of, builds)];
  return wrong.map((what) => ({ place: gitDir, what: `${inBuilds(builds)} ${what}`, hints }));
}

/** What to do where builds are not to be believed. Without the newest, numbers would be given twice. */
export function forgetBuilds(
  { repository: { gitDir }, numbers }: Numbered,
  wrong: readonly number[],
): string {
  return wrong.includes(numbers.at(-1) ?? 0)
    ? putAway(gitDir)
    : `git --git-dir ${gitDir} tag -d ${wrong.join(' ')}   forgets what is not so`;
}

/** Compares what builds say of a recipe with its history; what is younger than they are cannot have it. */
export function checkWork(
  builds: CheckedBuilds,
  { recipe, builds: numbers }: RecipeState,
  history: CheckedHistory,
): readonly Finding[] {
  const oldest = Math.min(
    ...[...history.refs.keys()]
      .flatMap((name) => /^refs\/varve\/builds\/(\d+)$/.exec(name)?.[1] ?? [])
      .map(Number),
  );
  const had = numbers.filter((n) => n >= oldest);
  if (had.length === 0 || history.isBlind) return [];
  const named: readonly (readonly [string, CommitId | undefined])[] = [
    ...recipe.tasks().map(({ task, commit }) => [`${recipe.recipe}:${task}`, commit] as const),
    [`the last state of ${recipe.recipe}`, recipe.work()],
  ];
  const lost = named.filter(([, commit]) => commit !== undefined && history.typeOf(commit) !== 'commit');
  const [first] = lost;
  if (first === undefined) return [];
  const more = lost.length === 1 ? '' : ` (and ${lost.length - 1} more of it)`;
  const { gitDir } = builds.repository;
  return [
    {
      place: gitDir,
      what: `${inBuilds(had)} ${first[0]} is commit ${(first[1] ?? '').slice(0, 12)}${more}, which its history has not`,
      hints: [
        `varve build ${recipe.recipe}   makes anew what is needed now`,
        `git --git-dir ${gitDir} tag -d ${had.join(' ')}   forgets what cannot be shown any more`,
      ],
    },
  ];
}

/** `ARCH/PN`, by which histories are found. */
export function recipeKey({ arch, recipe }: { readonly arch: string; readonly recipe: string }): string {
  return `${arch}/${recipe}`;
}

/** `in build 3`. */
export function inBuilds(builds: readonly number[]): string {
  const [first, last] = [builds[0], builds.at(-1)];
  return builds.length === 1 ? `in build ${first}` : `in ${builds.length} builds from ${first} to ${last}`;
}
