/** What do_package put into packages: each file of the image at its own path, stripped perhaps. */
import type { History } from '../../history/history.ts';
import { splitTaskId, type CommitId } from '../../terms/ids.ts';
import { DEFAULT_IMAGE, below, inside, isWithin } from '../../trees/tree-metadata.ts';
import { packageTask } from './artifact-origins.ts';
import { fileAt } from './file-at.ts';

/** PKGDEST: a directory a package, from the WORKDIR. */
const PACKAGES = 'packages-split';

/** Finds the file of the image that one of a package was made from; undefined where the commit made no packages. */
export function packagedFrom(history: History, commit: CommitId, path: string): string | undefined {
  const { start } = history.applied(commit);
  if (start === undefined || !isPackaging(history, commit) || !isWithin(PACKAGES, path)) return undefined;
  const { objects } = history;
  const from = inside(DEFAULT_IMAGE, path.split('/').slice(2).join('/'));
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
      const found = objects.readTree(tree).find(({ name }) => name === PACKAGES);
      const packages = found === undefined ? [] : objects.readTree(found.oid).map(({ name }) => name);
      const installed = names.filter((name) => isWithin(DEFAULT_IMAGE, name));
      const paths = packages.flatMap((name) =>
        installed.flatMap(
          (path) => fileAt(objects, tree, `${PACKAGES}/${name}/${below(DEFAULT_IMAGE, path)}`)?.path ?? [],
        ),
      );
      return { commit, paths };
    })
    .filter(({ paths }) => paths.length > 0);
}

function isPackaging(history: History, commit: CommitId): boolean {
  const task = history.readTask(commit)?.task;
  return task !== undefined && splitTaskId(task).task === packageTask;
}
