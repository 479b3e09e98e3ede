/** What do_package put into packages: each file of the image at its own path, stripped perhaps. */
import type { History } from '../../history/history.ts';
import type { ObjectStore } from '../../ports/objects.ts';
import { splitTaskId, type CommitId, type TreeId } from '../../terms/ids.ts';
import { DEFAULT_IMAGE, below, inside, isWithin } from '../../trees/tree-metadata.ts';
import { packageTask } from './artifact-origins.ts';
import { fileAt, type Place } from './file-at.ts';

/** PKGDEST: a directory a package, from the WORKDIR. */
const PACKAGES = 'packages-split';

/** Finds the file of the image that one of a package was made from; undefined where the commit made no packages. */
export function packagedFrom(history: History, commit: CommitId, path: string): string | undefined {
  const { start } = history.applied(commit);
  if (start === undefined || !isPackaging(history, commit) || !isWithin(PACKAGES, path)) return undefined;
  const { objects } = history;
  const from = inside(DEFAULT_IMAGE, onTarget(path));
  return fileAt(objects, objects.readCommit(start).tree, from)?.path;
}

/** Finds these files of the image in packages. */
export function copiesInPackages(
  history: History,
  commits: readonly CommitId[],
  names: readonly string[],
): readonly { readonly commit: CommitId; readonly paths: readonly string[] }[] {
  const { objects } = history;
  return commits
    .filter((commit) => isPackaging(history, commit))
    .map((commit) => {
      const { tree } = objects.readCommit(commit);
      const installed = names
        .filter((name) => isWithin(DEFAULT_IMAGE, name))
        .map((path) => below(DEFAULT_IMAGE, path));
      return {
        commit,
        paths: findInPackages(objects, { tree, dir: PACKAGES }, installed).map(({ path }) => path),
      };
    })
    .filter(({ paths }) => paths.length > 0);
}

/** Finds files, by the paths that they have on the target, in the packages that are the directories of `dir`. */
export function findInPackages(
  objects: ObjectStore,
  { tree, dir }: { readonly tree: TreeId; readonly dir: string },
  paths: readonly string[],
): readonly Place[] {
  const found = objects.readTree(tree).find(({ name }) => name === dir);
  const packages = found === undefined ? [] : objects.readTree(found.oid).map(({ name }) => name);
  return packages.flatMap((name) =>
    paths.flatMap((path) => fileAt(objects, tree, `${dir}/${name}/${path}`) ?? []),
  );
}

/** The path on the target of a file of a package, whose directory lies in one of all packages. */
export function onTarget(path: string): string {
  return path.split('/').slice(2).join('/');
}

function isPackaging(history: History, commit: CommitId): boolean {
  const task = history.readTask(commit)?.task;
  return task !== undefined && splitTaskId(task).task === packageTask;
}
