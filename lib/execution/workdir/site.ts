/** The place where the work of one recipe goes on: its WORKDIR and the history behind it. */
import { relative } from 'node:path';
import { openHistory, type History } from '../../history/history.ts';
import type { TaskCommit } from '../../history/task-commits.ts';
import type { Scope } from '../../history/workplace.ts';
import type { LoadedRecipe } from '../../layers/load-metadata.ts';
import type { World } from '../../ports/world.ts';
import { defaultEpoch } from '../../terms/default-epoch.ts';
import type { ArtifactId, CommitId, Signature, TreeId } from '../../terms/ids.ts';
import { afterInstallDir, asideDir, historyOf, refs, type Places } from '../../terms/places.ts';
import { checkDirs } from './check-dirs.ts';
import { handsOn } from '../hands/hands-on.ts';
import { outlineOf } from '../outline/recipe-outline.ts';

/** An artifact in a recipe's history. */
export interface LocalArtifact {
  readonly commit: CommitId;
  readonly tree: TreeId;
  readonly id: ArtifactId;
}

export interface Site {
  readonly recipe: LoadedRecipe;
  readonly workdir: string;
  /** The repository of its history, made or not. */
  readonly gitDir: string;
  /** D below WORKDIR. */
  readonly image: string;
  /** Directory of the tasks after do_install while they do not run. */
  readonly afterDir: string;
  /** Where the WORKDIR is while they run. */
  readonly asideDir: string;
  /** What of the WORKDIR is recorded: not its sysroots and T. */
  readonly scope: Scope;
  /** SOURCE_DATE_EPOCH as parsed: the time of everything made here. */
  readonly epoch: number;
  /** `zlib 1.3-r0` */
  readonly title: string;
  /** Artifacts that were found in its history, or put there, by signature. */
  readonly artifacts: Map<Signature, LocalArtifact>;
  /** Whether there is a history, without making one. */
  hasHistory(): boolean;
  /** The tasks of the history ran in a WORKDIR at another path, which their outputs may hold. */
  isElsewhere(): boolean;
  /** The history, made where there is none. */
  history(): History;
  /** Forgets what is known of the history: it is opened again where it is asked for. */
  letGo(): void;
  /** The commit of a task under this very signature. */
  stamped(task: string, signature: Signature): TaskCommit | undefined;
  /** What the tag names that is made from the signature; not read, so it may be another one's that begins alike. */
  named(task: string, signature: Signature): CommitId | undefined;
  /** The same of many tasks, by task. */
  namedEach(signatures: ReadonlyMap<string, Signature>): ReadonlyMap<string, CommitId>;
  /** The newest success of a task, under whatever signature. */
  newest(task: string): TaskCommit | undefined;
  /** The newest failure of a task. */
  failed(task: string): TaskCommit | undefined;
  head(): CommitId | undefined;
}

/** Describes the site of a recipe; nothing is made or opened yet. Throws where the recipe has no place of its own. */
export function createSite(world: World, places: Places, recipe: LoadedRecipe): Site {
  checkDirs(world, places, recipe);
  const gitDir = historyOf(places, recipe.packageArch, recipe.name);
  const { workdir, t, d, sysroot, sysrootNative } = recipe.dirs;
  const below = (path: string): string => relative(workdir, path);
  let opened: History | undefined;
  const history = (): History => {
    opened ??= openHistory({
      fs: world.fs,
      gitDir,
      workdir,
      now: () => world.now(),
      room: () => world.diskSpace(gitDir).bytes,
      ...handsOn(world),
    });
    return opened;
  };
  const excluded = [t, sysroot, sysrootNative]
    .map(below)
    .filter((path) => path !== '' && !path.startsWith('..'));
  const hasHistory = (): boolean => opened !== undefined || world.fs.existsSync(`${gitDir}/HEAD`);
  const taskAt = (ref: string): TaskCommit | undefined => {
    if (!hasHistory()) return undefined;
    const commit = history().refs.read(ref);
    return commit === undefined ? undefined : history().readTask(commit as CommitId);
  };
  return {
    recipe,
    workdir,
    gitDir,
    image: below(d),
    afterDir: afterInstallDir(workdir),
    asideDir: asideDir(workdir),
    scope: { exclude: excluded, image: below(d) },
    epoch: outlineOf(recipe).epoch ?? defaultEpoch,
    title: `${recipe.name} ${recipe.version}-${recipe.revision}`,
    artifacts: new Map(),
    hasHistory,
    isElsewhere: () => hasHistory() && (history().recordedWorkdir() ?? workdir) !== workdir,
    history,
    letGo() {
      opened = undefined;
    },
    stamped(task, signature) {
      const found = taskAt(refs.stamp(task, signature));
      return found?.signature === signature ? found : undefined;
    },
    named: (task, signature) =>
      hasHistory() ? (history().refs.read(refs.stamp(task, signature)) as CommitId | undefined) : undefined,
    namedEach(signatures) {
      if (!hasHistory()) return new Map();
      const names = new Map([...signatures].map(([task, signature]) => [refs.stamp(task, signature), task]));
      const found = history().refs.readEach([...names.keys()]);
      return new Map([...found].map(([name, commit]) => [names.get(name) ?? '', commit as CommitId]));
    },
    newest: (task) => taskAt(refs.newest(task)),
    failed: (task) => taskAt(refs.failed(task)),
    head: () => (hasHistory() ? history().refs.head() : undefined),
  };
}
