import { ArtifactAway } from '../../terms/artifact-away.ts';
import { splitTaskId, type CommitId } from '../../terms/ids.ts';
import { indexTree } from '../../trees/index-tree.ts';
import { below, DEFAULT_IMAGE, inside, isWithin, lastName, readMetadata } from '../../trees/tree-metadata.ts';
import { stagingRule } from '../../sysroot/staging-rule.ts';
import { findArtifact, type Standing } from '../record/find-recorded.ts';
import type { TheRecord } from '../record/open-record.ts';
import { artifactTreeOf } from '../record/recorded-artifact.ts';
import type { StagedArtifact } from '../record/staged-artifacts.ts';
import { fileAt, isSameContent, isTellingCopy, type Place } from './file-at.ts';
import { stagingOf, sysrootUse } from './sysroot-users.ts';
import type { Chain } from './task-chain.ts';

/** A file of an artifact in a sysroot. */
export interface SourceOfStaged {
  /** The recipe whose artifact it is. */
  readonly standing: Standing;
  /** Raw, as on the target. */
  readonly path: string;
  /** The task that had it in its sysroot first; absent where there is no state of that here. */
  readonly staging?: CommitId;
}

/**
 * Finds the file of an artifact that a task's file is a copy of: the one at the same place of the image, or the only one with
 * this content. Undefined where there is none, or several are as likely.
 */
export function sourceOfStaged(
  record: TheRecord,
  { recipe, build, history }: Chain,
  { commit, file }: { readonly commit: CommitId; readonly file: Place },
): SourceOfStaged | undefined {
  const task = history.readTask(commit)?.task;
  const use = sysrootUse(recipe);
  const found = use.tasks.find((each) => task !== undefined && each.task.task === splitTaskId(task).task);
  if (found === undefined) return undefined;
  const { image } = readMetadata(history.objects, history.objects.readCommit(commit).tree);
  const onTarget = isWithin(image, file.path) ? below(image, file.path) : undefined;
  const sources = found.artifacts.flatMap((artifact) => {
    const standing = findArtifact(record, artifact, build.n);
    return standing === undefined ? [] : placesIn(record, { artifact, standing }, { file, onTarget });
  });
  const exact = sources.filter(({ path }) => path === onTarget);
  const [source, ...others] = exact.length > 0 ? exact : sources;
  if (source === undefined || others.length > 0) return undefined;
  const { artifact, standing, path } = source;
  const staging = stagingOf(use, artifact)?.task.commit;
  return { standing, path, ...(staging !== undefined && { staging }) };
}

interface Part {
  readonly artifact: StagedArtifact;
  readonly standing: Standing;
}

/** Where in the sysroot, for an artifact, the content of a file is. */
function placesIn(
  record: TheRecord,
  part: Part,
  { file, onTarget }: { readonly file: Place; readonly onTarget: string | undefined },
): readonly (Part & { readonly path: string })[] {
  const recorded = part.standing.recipe.artifact();
  if (recorded === undefined) return [];
  try {
    const { objects, tree } = artifactTreeOf(record, part.standing.recipe, recorded);
    const isInSysroot = stagingRule(part.artifact.dirs);
    const same = onTarget === undefined ? undefined : fileAt(objects, tree, inside(DEFAULT_IMAGE, onTarget));
    const places =
      same !== undefined && isSameContent(same, file)
        ? [same.path]
        : file.isLink
          ? []
          : indexTree(objects, tree)
              .pathsOf(file.oid)
              .filter((path) => isTellingCopy(objects, file, path));
    const called = places.filter((path) => lastName(path) === lastName(file.path));
    return (called.length > 0 ? called : places)
      .map((path) => ({ ...part, path: below(DEFAULT_IMAGE, path) }))
      .filter(({ path }) => isInSysroot(path, 'file'));
  } catch (error) {
    if (!(error instanceof ArtifactAway)) throw error;
    return [];
  }
}
