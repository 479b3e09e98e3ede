/** `varve history import`: takes in what `export` wrote, beside the record and never into it. */
import { basename, join } from 'node:path';
import { readMembers, type Member } from '../artifacts/members-file.ts';
import { checkHistory } from '../history/check-history.ts';
import { readWhole } from '../artifacts/read-tar.ts';
import { Damage } from '../history/damage.ts';
import type { World } from '../ports/world.ts';
import { importDir, type Places } from '../terms/places.ts';
import { VarveError } from '../terms/varve-error.ts';
import { checkBuilds } from './checking/check-builds.ts';
import { checkResults } from './checking/check-results.ts';
import { BUILDS_KEY, HEAD_MEMBER, isKey, parseMemberName } from './sharing/exported-names.ts';
import { findPlaces } from './record/find-places.ts';
import { isImportName, refuseNameOfBuild } from './record/imports.ts';
import { relistStandings } from './record/relist-standings.ts';
import { receiveRepository, type RepositoryReceiver } from './sharing/receive-repository.ts';

export interface ImportedHistory {
  readonly schema: 1;
  readonly name: string;
  /** Where it lies: removing it forgets it. */
  readonly dir: string;
  /** `ARCH/PN` of what is in it. */
  readonly recipes: readonly string[];
  /** Oldest first. */
  readonly builds: readonly number[];
}

/** Longer texts than this are none of ours. */
const LONGEST_HEAD = 1 << 20;

/** Reads and verifies all of a file before anything of it can be seen. Left out, the name is that of the file. */
export function importHistory(
  world: World,
  request: { readonly buildDir: string; readonly file: string; readonly name?: string },
): ImportedHistory {
  const { file } = request;
  const { fs } = world;
  if (!fs.existsSync(file)) throw new VarveError('usage', `there is no file ${file}`);
  const places = findPlaces(world, request.buildDir);
  const name = request.name ?? basename(file).split('.')[0] ?? '';
  checkName(name);
  refuseNameOfBuild(world, places, name);
  const dir = importDir(places, name);
  // No import has a name that begins with a dot.
  const aside = importDir(places, `.${name}`);
  fs.rmSync(aside, { recursive: true, force: true });
  fs.mkdirSync(aside, { recursive: true });
  try {
    const keys = receive(world, { ...places, historyDir: aside }, file);
    const builds = verify(world, { ...places, historyDir: aside }, { keys, file });
    relistStandings(fs, repositoryOf({ ...places, historyDir: aside }, BUILDS_KEY));
    world.sync(aside);
    fs.renameSync(aside, dir);
    return { schema: 1, name, dir, recipes: keys.filter((key) => key !== BUILDS_KEY), builds };
  } catch (error) {
    throw error instanceof Damage ? unfit(file, error.message) : error;
  } finally {
    fs.rmSync(aside, { recursive: true, force: true });
  }
}

function checkName(name: string): void {
  if (isImportName(name)) return;
  throw new VarveError('usage', `'${name}' cannot be the name of an import`, {
    hints: ['Take letters, digits, dots, dashes and underscores, a letter first, such as --as ada'],
  });
}

function unfit(file: string, why: string): VarveError {
  return new VarveError('usage', `${file} cannot be taken in: ${why}`, {
    hints: ['varve history export @BUILD FILE   writes it anew, where the build was made'],
  });
}

/** Takes in member after member; answers the repositories that there are. */
function receive(world: World, places: Places, file: string): readonly string[] {
  let keys: readonly string[] | undefined;
  let current: RepositoryReceiver | undefined;
  const finish = (): void => {
    current?.finish();
    current = undefined;
  };
  try {
    const why = readMembers(world.fs, file, (member) => {
      if (keys === undefined) {
        keys = readHead(member);
        return;
      }
      const named = parseMemberName(member.name);
      if (named === undefined || !keys.includes(named.key))
        throw new Damage(`it holds "${member.name.slice(0, 80)}", which no export writes`);
      if (current?.key !== named.key) {
        finish();
        current = receiveRepository(world, places, named.key);
      }
      current.take(named, member);
    });
    if (why !== undefined) throw new Damage(why);
    finish();
  } finally {
    current?.discard();
  }
  if (keys === undefined) throw new Damage('it is empty');
  return keys;
}

function readHead({ name, size, read }: Member): readonly string[] {
  if (name !== HEAD_MEMBER || size > LONGEST_HEAD)
    throw new Damage('it was not written by "varve history export"');
  const head = parseJson(readWhole(read, size).toString('utf8'));
  const keys =
    typeof head === 'object' && head !== null && 'repositories' in head ? head.repositories : undefined;
  const isSound =
    Array.isArray(keys) &&
    keys.every((key): key is string => typeof key === 'string' && isKey(key)) &&
    new Set(keys).size === keys.length &&
    keys.includes(BUILDS_KEY);
  if (!isSound) throw new Damage('what it says of itself is damaged');
  return keys;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Looks at it as `varve fsck` would; answers the builds. */
function verify(
  world: World,
  places: Places,
  of: { readonly keys: readonly string[]; readonly file: string },
): readonly number[] {
  const missing = of.keys.find((key) => !world.fs.existsSync(join(repositoryOf(places, key), 'HEAD')));
  if (missing !== undefined) throw new Damage(`it has nothing of ${missing}`);
  const builds = checkBuilds(world.fs, repositoryOf(places, BUILDS_KEY));
  const histories = new Map(
    of.keys
      .filter((key) => key !== BUILDS_KEY)
      .map((key) => [key, checkHistory(world.fs, repositoryOf(places, key), { bare: true })]),
  );
  const [finding] = [
    ...[builds, ...histories.values()].flatMap(({ findings }) => findings),
    ...checkResults(world.fs, builds, histories),
  ];
  if (finding !== undefined) throw new Damage(`${basename(finding.place)}: ${finding.what}`);
  if (builds.numbers.length === 0) throw new Damage('it holds no build');
  // What is told of them ends in commands for a person to type.
  const named = builds.states.flatMap(({ recipe }) => [
    `${recipe.arch}/${recipe.recipe}`,
    ...recipe.tasks().map(({ task }) => `tasks/${task}`),
  ]);
  const odd = named.find((name) => !isKey(name));
  if (odd !== undefined) throw new Damage(`it tells of "${odd.slice(0, 80)}", which no build has`);
  return builds.numbers;
}

function repositoryOf(places: Places, key: string): string {
  return join(places.historyDir, `${key}.git`);
}
