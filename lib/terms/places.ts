/** Every path of a build directory and every ref name: the one owner of each. */
import { basename, dirname, isAbsolute, join } from 'node:path';

/** Absolute paths in one build directory, defaults applied (conf may set those marked `*`). */
export interface Places {
  readonly buildDir: string;
  readonly tmpDir: string; // * TMPDIR
  readonly downloadDir: string; // * DL_DIR
  readonly historyDir: string; // * HISTORY_DIR
  readonly artifactDir: string; // * ARTIFACT_DIR
  readonly deployDir: string; // * DEPLOY_DIR
  readonly pkgdataDir: string; // * PKGDATA_DIR
}

/** The history of one recipe. */
export function historyOf(places: Places, packageArch: string, recipe: string): string {
  return join(places.historyDir, packageArch, `${recipe}.git`);
}

/** In a history: what is being done to its WORKDIR; absent at rest. */
export function workdirMark(gitDir: string): string {
  return join(gitDir, 'varve-running');
}

/** Room that nothing needs before the disk is full. */
export function reservedRoom(places: Places): string {
  return join(buildsRepository(places), 'varve', 'room');
}

/** The newest build when gc ran last. */
export function collectedMark(places: Places): string {
  return join(buildsRepository(places), 'varve', 'collected');
}

const LAST_LOOK = { index: 'index', directories: 'varve/directories' } as const;

/** In a history: what was seen at the last look into its WORKDIR, a git index and the times of directories. */
export function lastLook(gitDir: string): Readonly<Record<keyof typeof LAST_LOOK, string>> {
  const { index, directories } = LAST_LOOK;
  return { index: join(gitDir, index), directories: join(gitDir, directories) };
}

function isLastLook({ historyDir }: Places, path: string): boolean {
  return Object.values(LAST_LOOK).some((name) => {
    if (!path.endsWith(`.git/${name}`)) return false;
    const gitDir = path.slice(0, -name.length - 1);
    return dirname(dirname(gitDir)) === historyDir;
  });
}

/** There while packs wait for a quiet time to be compressed. */
export function waitingMark(places: Places): string {
  return join(buildsRepository(places), 'varve', 'waiting');
}

/** In builds.git: where recipes stood in its builds, which its commits tell too. */
export function standingsList(gitDir: string): string {
  return join(gitDir, 'varve', 'standings');
}

/** In builds.git: what changed from one build to the next, a file each, which their commits tell too. */
export function changesDir(gitDir: string): string {
  return join(gitDir, 'varve', 'changes');
}

/** In a history or builds.git: who reads it for a while. */
export function leasesDir(gitDir: string): string {
  return join(gitDir, 'varve', 'leases');
}

/** In builds.git: there while what nobody needs is taken out of the record, and nobody may begin to read. */
export function closedMark(gitDir: string): string {
  return join(gitDir, 'varve', 'closed');
}

/** In a history: notes that wait to be in the record. */
export function jottedNotes(gitDir: string): string {
  return join(gitDir, 'varve', 'notes');
}

/** In a history: the entry with which an artifact came that was not made there. */
export function artifactOrigin(gitDir: string, signature: string): string {
  return join(gitDir, 'varve', 'artifacts', signature);
}

/** What a search builds by itself, and with what. */
export function bisectDir(places: Places): string {
  return join(places.tmpDir, 'bisect');
}

/** What a command said of trees when something was searched with it; `key` tells it from other commands. */
export function judgementsPath(places: Places, key: string): string {
  return join(buildsRepository(places), 'varve', 'judgements', key);
}

/** The repository with a commit per build. */
export function buildsRepository(places: Places): string {
  return join(places.historyDir, 'builds.git');
}

/** What `history import` took in under a name: a HISTORY_DIR of its own, which no build ever looks at. */
export function importDir(places: Places, name: string): string {
  return join(importsDir(places), name);
}

/** All that was taken in, by name. */
export function importsDir(places: Places): string {
  return join(places.buildDir, 'imports');
}

/** The places of an import: its record instead of our own. */
export function importedPlaces(places: Places, name: string): Places {
  return { ...places, historyDir: importDir(places, name) };
}

/** Up to when all of the record is known to be on the disk, and in which life of the machine. */
export function syncedMark(places: Places): string {
  return join(buildsRepository(places), 'varve', 'synced');
}

/** Where tasks that depend on do_install do their work: they start from the artifact, never from S or B. */
export function afterInstallDir(workdir: string): string {
  return besideWorkdir(workdir, 'after');
}

/** Where the WORKDIR itself is meanwhile. */
export function asideDir(workdir: string): string {
  return besideWorkdir(workdir, 'chain');
}

/** On the same file system, and under a name that no recipe has. */
function besideWorkdir(workdir: string, what: string): string {
  return join(dirname(workdir), `.${basename(workdir)}.${what}`);
}

/** Links to the host tools that a task may call. */
export function hostToolsDir(places: Places): string {
  return join(places.tmpDir, 'hosttools');
}

/** What is found out again where it is not there: the first to go on a full disk. */
export function cacheDir(places: Places): string {
  return join(places.tmpDir, 'cache');
}

/**
 * What is known of the machine's tools, by stat, so that compilers are not hashed at every start: one file for all build
 * directories of a user (XDG base directories), and one of this build directory's own for who has no home.
 */
export function hostToolsMemo(places: Places, env: Readonly<Record<string, string | undefined>>): string {
  const { XDG_CACHE_HOME: cache = '', HOME: home = '' } = env;
  const ofUser = isAbsolute(cache) ? cache : isAbsolute(home) ? join(home, '.cache') : undefined;
  return ofUser === undefined
    ? join(cacheDir(places), 'hosttools.json')
    : join(ofUser, 'varve', 'hosttools.json');
}

/** What is known of recipes under one configuration, so that they are not read at every start. */
export function recipeCachePath(places: Places, configuration: string): string {
  return join(cacheDir(places), 'recipes', configuration);
}

/** How long each task took the last time. */
export function taskTimesPath(places: Places): string {
  return join(cacheDir(places), 'task-times.json');
}

/** Builds that had nothing to do. To be found before it is known where TMPDIR is, so in the default place. */
export function idleBuildsDir(buildDir: string): string {
  return join(buildDir, 'tmp', 'cache', 'idle-builds');
}

/** Whether a file only saves time: what it says is proved anew, or no result hangs on it. */
export function savesTimeOnly(
  places: Places,
  env: Readonly<Record<string, string | undefined>>,
  path: string,
): boolean {
  const recipes = join(cacheDir(places), 'recipes');
  return (
    [hostToolsMemo(places, env), taskTimesPath(places), recipes].includes(path) ||
    dirname(path) === recipes ||
    isLastLook(places, path)
  );
}

/** Entries of mirrors whose archives nobody needed yet. */
export function knownEntriesDir(places: Places): string {
  return join(cacheDir(places), 'mirrored');
}

/** Manifests of what staging put into sysroots. */
export function sysrootManifests(places: Places): string {
  return join(places.tmpDir, 'sysroots');
}

/** The manifest of one sysroot. */
export function sysrootManifest(places: Places, packageArch: string, recipe: string): string {
  return join(sysrootManifests(places), packageArch, `${recipe}.json`);
}

/** Directories where the results of all recipes are, and others may keep files too; the variables that name them. */
export type SharedDir = 'DEPLOY_DIR' | 'PKGDATA_DIR';

/** One of them. */
export interface SharedPlace {
  readonly name: SharedDir;
  readonly dir: string;
  /** What staging put into it. */
  readonly manifest: string;
}

/** Where they are. */
export function sharedPlaces({ deployDir, pkgdataDir, tmpDir }: Places): readonly SharedPlace[] {
  const place = (name: SharedDir, dir: string): SharedPlace => {
    return { name, dir, manifest: join(tmpDir, 'deployed', `${name}.json`) };
  };
  return [place('DEPLOY_DIR', deployDir), place('PKGDATA_DIR', pkgdataDir)];
}

/** What the indexes of feeds say of each artifact with packages, and the indexes themselves. */
export function feedIndexes({ tmpDir }: Places): string {
  return join(tmpDir, 'deployed/feeds');
}

/** Held by the one build that may write in this build directory. */
export function buildLock(places: Places): string {
  return join(places.buildDir, 'build.lock');
}

/** Hex digits of a signature that name it in a tag; the whole signature is always checked. */
const shortSignature = (signature: string): string => signature.slice(0, 12);

/** Ref names of a history. */
export const refs = {
  newest: (task: string): string => `refs/tags/${task}`,
  stamp: (task: string, signature: string): string => `refs/tags/${task}@${shortSignature(signature)}`,
  failed: (task: string): string => `refs/tags/${task}@failed`,
  edited: (n: number): string => `${refs.allEdited}${n}`,
  /** Before the number of any. */
  allEdited: 'refs/tags/edited@',
  /** The edits that builds go on with, until they are finished or dropped. */
  editing: 'refs/varve/editing',
  build: (n: number): string => `refs/varve/builds/${n}`,
  artifact: (signature: string): string => `refs/artifacts/${shortSignature(signature)}`,
  notes: (kind: 'runs' | 'logs' | 'times'): string => `refs/notes/${kind}`,
} as const;
