import type { ObjectStore, TreeEntry } from '../ports/objects.ts';
import type { FileSystem } from '../ports/world.ts';
import type { Counts } from '../terms/events.ts';
import { GIT_MODE } from '../terms/git-mode.ts';
import type { CommitId, ObjectId, TreeId } from '../terms/ids.ts';
import { rawPath } from '../trees/raw-text.ts';
import { formatCounts } from './build-counts.ts';
import { checkBuildName, resolveBuild } from './build-names.ts';
import { entryAt, filesIn, isFile, recipesIn, recordedIn, type Recorded } from './build-tree.ts';
import { recordedBuild, type RecordedBuild } from './recorded-build.ts';
import { openObjectStore } from './object-store.ts';
import { openRefs, type Refs } from './refs.ts';
import { createRepository } from './repository.ts';
import { AUTHOR, readTrailers, writeCommit } from './task-commits.ts';

/** What is kept of one recipe in one build. */
export interface RecipeRecord {
  /** Text by path: `artifact`, `inputs/do_compile`. */
  readonly files: ReadonlyMap<string, Uint8Array | string>;
  /** The last task commit, where one is here. */
  readonly work?: CommitId;
}

export interface NewBuild {
  readonly number: number;
  readonly ok: boolean;
  /** It was told to stop. */
  readonly interrupted?: boolean;
  /** Seconds since the epoch: real time, this once. */
  readonly when: number;
  readonly name?: string;
  /** What came of its tasks. */
  readonly counts?: Counts;
  /** Recipes that it built with a person's edits. */
  readonly edited?: readonly string[];
  /** First line of the commit's message: `build 12: app libs`. */
  readonly message: string;
  /** By `ARCH/PN`, each written as it comes; what was recorded of other recipes is carried forward at no cost. */
  readonly recipes: Iterable<readonly [key: string, record: RecipeRecord]>;
  /** Targets, options, layers, configuration: the file `build`. */
  readonly build: string;
}

/** The repository with a commit per build. */
export interface Builds {
  readonly objects: ObjectStore;
  readonly refs: Refs;
  /** Refuses a name that cannot be a build's, or is another build's: a name that moves would answer for both. */
  checkName(name: string): void;
  /** Records a build on top of the newest one. */
  record(build: NewBuild): CommitId;
  /** Numbers of the recorded builds, oldest first. */
  list(): readonly number[];
  /** All of them, oldest first. */
  all(): readonly RecordedBuild[];
  /** `ARCH/PN` of every recipe known by then. */
  recipes(build: number): readonly string[];
  /** A file of a build: `build`, or `ARCH/PN/inputs/do_compile`. */
  file(build: number, path: string): Buffer | undefined;
  /** What a build has of its recipes, by `ARCH/PN`: for who asks of all of them. */
  recorded(build: number): (recipe: string) => Recorded;
  /** Paths of the files kept of a recipe. */
  files(build: number, recipe: string): readonly string[];
  /** The last task commit of a recipe in a build, where one is here. */
  work(build: number, recipe: string): CommitId | undefined;
  /** Names the states of all recipes in a build: equal for two builds where no recipe differs. */
  standing(build: number): string | undefined;
  /** Finds a build by `12`, `@12`, `@-1` (the one before the newest), `@ok`, `@NAME`; unknown is an error. */
  resolve(spoken: string): number;
}

const MAIN = 'refs/heads/main';
const TAGS = 'refs/tags/';

/** Opens builds.git; where there is none, the first build that is recorded makes it. */
export function openBuilds(options: { readonly fs: FileSystem; readonly gitDir: string }): Builds {
  const { fs, gitDir } = options;
  const objects = openObjectStore(fs, gitDir);
  const refs = openRefs(fs, gitDir);
  const commitOf = (build: number): CommitId | undefined =>
    refs.read(`refs/tags/${build}`) as CommitId | undefined;
  const at = (build: number, path: string): TreeEntry | undefined => {
    const commit = commitOf(build);
    if (commit === undefined) return undefined;
    const top = { mode: GIT_MODE.directory, oid: objects.readCommit(commit).tree };
    return entryAt(objects, top, rawPath(path).split('/'));
  };
  const list = (): readonly number[] => [...commitsOf(refs).keys()];
  const all = (): readonly RecordedBuild[] =>
    [...commitsOf(refs)].map(([n, commit]) => recordedBuild(objects, n, commit));
  return {
    objects,
    refs,
    list,
    all,
    checkName: (name) => checkBuildName(name, () => numberTagged({ objects, refs }, name)),
    record(build) {
      createRepository(fs, gitDir, { bare: true });
      return recordBuild({ objects, refs }, build);
    },
    file: (build, path) => {
      const entry = at(build, path);
      return entry === undefined || !isFile(entry) ? undefined : objects.readBlob(entry.oid);
    },
    recorded: (build) => recordedIn(objects, commitOf(build)),
    files: (build, recipe) => filesIn(objects, at(build, recipe)?.oid, ''),
    recipes: (build) => recipesIn(objects, commitOf(build)).map(({ key }) => key),
    work: (build, recipe) => at(build, `${recipe}/work`)?.oid as CommitId | undefined,
    standing(build) {
      const commit = commitOf(build);
      const top = commit === undefined ? undefined : objects.readTree(objects.readCommit(commit).tree);
      return top
        ?.filter((entry) => entry.mode === GIT_MODE.directory)
        .map(({ name, oid }) => `${name} ${oid}`)
        .join('\n');
    },
    resolve: (spoken) =>
      resolveBuild(spoken, {
        numbers: list,
        newestOk: () => all().findLast(({ ok }) => ok)?.n,
        named: (name) => numberTagged({ objects, refs }, name),
        names: () => tagsOf(refs).filter((name) => !isNumber(name)),
      }),
  };
}

type Stores = Pick<Builds, 'objects' | 'refs'>;

function recordBuild({ objects, refs }: Stores, build: NewBuild): CommitId {
  const { name, edited = [] } = build;
  if (name !== undefined) checkBuildName(name, () => numberTagged({ objects, refs }, name));
  // Not the branch: a crash may have left it at a build that has no number.
  const parent = [...commitsOf(refs).values()].at(-1);
  const commit = objects.batch(() => {
    const before = parent === undefined ? [] : objects.readTree(objects.readCommit(parent).tree);
    return writeCommit(objects, {
      tree: writeBuildTree(objects, before, build),
      parents: parent === undefined ? [] : [parent],
      subject: build.message,
      time: build.when,
      author: AUTHOR,
      trailers: [
        ['Build', String(build.number)],
        ['Result', build.interrupted === true ? 'interrupted' : build.ok ? 'ok' : 'failed'],
        ...(build.counts === undefined ? [] : ([['Tasks', formatCounts(build.counts)]] as const)),
        ...(edited.length === 0 ? [] : ([['Edited', edited.join(' ')]] as const)),
        ...(name === undefined ? [] : ([['Name', name]] as const)),
      ],
    });
  });
  refs.write(`refs/tags/${build.number}`, commit);
  refs.write(MAIN, commit);
  if (name !== undefined) refs.write(`refs/tags/${name}`, commit);
  return commit;
}

function writeBuildTree(objects: ObjectStore, before: readonly TreeEntry[], build: NewBuild): TreeId {
  const top = new Map(before.map((entry) => [entry.name, entry]));
  const archs = new Map<string, Map<string, TreeEntry>>();
  for (const [key, record] of build.recipes) {
    const [arch = '', recipe = ''] = rawPath(key).split('/');
    const old = top.get(arch);
    const recipes =
      archs.get(arch) ??
      new Map((old === undefined ? [] : objects.readTree(old.oid)).map((entry) => [entry.name, entry]));
    recipes.set(recipe, { name: recipe, mode: GIT_MODE.directory, oid: writeRecipe(objects, record) });
    archs.set(arch, recipes);
  }
  for (const [arch, recipes] of archs)
    top.set(arch, { name: arch, mode: GIT_MODE.directory, oid: objects.writeTree([...recipes.values()]) });
  top.set('build', { name: 'build', mode: GIT_MODE.file, oid: objects.writeBlob(Buffer.from(build.build)) });
  return objects.writeTree([...top.values()]);
}

function writeRecipe(objects: ObjectStore, record: RecipeRecord): TreeId {
  const files = [...record.files].map(
    ([path, content]) => [path, objects.writeBlob(Buffer.from(content))] as const,
  );
  const work: TreeEntry[] =
    record.work === undefined ? [] : [{ name: 'work', mode: GIT_MODE.commit, oid: record.work }];
  return writeFiles(objects, files, work);
}

function writeFiles(
  objects: ObjectStore,
  files: readonly (readonly [string, ObjectId])[],
  extra: readonly TreeEntry[],
): TreeId {
  const entries = [...extra];
  const dirs = new Map<string, [string, ObjectId][]>();
  for (const [path, oid] of files) {
    const slash = path.indexOf('/');
    if (slash === -1) entries.push({ name: path, mode: GIT_MODE.file, oid });
    else
      dirs.set(path.slice(0, slash), [
        ...(dirs.get(path.slice(0, slash)) ?? []),
        [path.slice(slash + 1), oid],
      ]);
  }
  for (const [name, within] of dirs)
    entries.push({ name, mode: GIT_MODE.directory, oid: writeFiles(objects, within, []) });
  return objects.writeTree(entries);
}

/** The commits of the recorded builds by number, oldest first. */
function commitsOf(refs: Refs): ReadonlyMap<number, CommitId> {
  const found = [...refs.list(TAGS)].flatMap(([ref, commit]) => {
    const name = ref.slice(TAGS.length);
    return isNumber(name) ? [[Number(name), commit as CommitId] as const] : [];
  });
  return new Map(found.toSorted(([a], [b]) => a - b));
}

const isNumber = (tag: string): boolean => /^[1-9][0-9]*$/.test(tag);

function tagsOf(refs: Refs): readonly string[] {
  return [...refs.list(TAGS).keys()].map((name) => name.slice(TAGS.length));
}

function numberTagged({ objects, refs }: Stores, name: string): number | undefined {
  const commit = refs.read(`refs/tags/${name}`) as CommitId | undefined;
  const number = commit && readTrailers(objects.readCommit(commit).message).get('Build');
  return number === undefined ? undefined : Number(number);
}
