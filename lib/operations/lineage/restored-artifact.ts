import { installTask } from '../../graph/arrange-tasks.ts';
import type { ObjectStore } from '../../ports/objects.ts';
import { ArtifactAway } from '../../terms/artifact-away.ts';
import type { Standing } from '../record/find-recorded.ts';
import type { TheRecord } from '../record/open-record.ts';
import { artifactTreeOf } from '../record/recorded-artifact.ts';
import { installedBy } from './artifact-origins.ts';
import { artifactRow, type BareRow } from './log-row.ts';

export interface RestoredArtifact {
  readonly row: BareRow;
  /** What has its tree, whose files are below `image`. */
  readonly objects: ObjectStore;
}

/** Tells of the artifact of a recipe where no do_install here made it; undefined where one did, or where it is nowhere to be had. */
export function restoredArtifact(record: TheRecord, standing: Standing): RestoredArtifact | undefined {
  const { recipe } = standing;
  const artifact = recipe.artifact();
  const own = recipe.task(installTask);
  const isOf = own === undefined || own.signature === artifact?.signature;
  if (artifact === undefined || !isOf) return undefined;
  if (!('unknown' in installedBy(record, standing, ''))) return undefined;
  try {
    const { objects } = artifactTreeOf(record, recipe, artifact);
    return { row: artifactRow(record, standing), objects };
  } catch (error) {
    if (!(error instanceof ArtifactAway)) throw error;
    return undefined;
  }
}
