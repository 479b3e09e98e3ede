/** Makes a recipe's sysroots what they were for a task of a recorded build. */
import { ownedIn } from '../../execution/fakeroot/fakeroot.ts';
import { handsOn } from '../../execution/hands/hands-on.ts';
import { createSite } from '../../execution/workdir/site.ts';
import type { GivenByInode } from '../../history/adopt-given.ts';
import type { LoadedRecipe, Metadata } from '../../layers/load-metadata.ts';
import { fillSysroot } from '../../sysroot/apply-sysroot.ts';
import type { SysrootPart } from '../../sysroot/compose-sysroot.ts';
import type { Input } from '../../terms/inputs.ts';
import { sysrootManifest } from '../../terms/places.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { findArtifact } from './find-recorded.ts';
import type { TheRecord } from './open-record.ts';
import { artifactTreeOf } from './recorded-artifact.ts';
import { type StagedArtifact, stagedArtifacts } from './staged-artifacts.ts';

/**
 * Fills both sysroots with the artifacts that `inputs` name; leaves them alone where they name none. Answers what in them
 * belongs to others than root.
 */
export function fillRecordedSysroot(
  record: TheRecord,
  metadata: Metadata,
  at: {
    readonly recipe: LoadedRecipe;
    readonly inputs: readonly Input[];
    /** Puts right what somebody did to them. */
    readonly verify?: boolean;
  },
): GivenByInode {
  const { recipe } = at;
  const named = stagedArtifacts(at.inputs);
  if (named.length === 0) return new Map();
  const parts = named.map((staged) => ({
    native: metadata.recipe(staged.recipe).native,
    part: partOf(record, metadata, staged),
  }));
  const { sysroot, sysrootNative } = recipe.dirs;
  const fill = (dir: string, kind: 'target' | 'native'): GivenByInode => {
    const own = parts.filter(({ native }) => native === (kind === 'native')).map(({ part }) => part);
    const { xattrs } = handsOn(record.world);
    fillSysroot(record.world.fs, {
      dir,
      manifest: sysrootManifest(record.places, recipe.packageArch, `${recipe.name}.${kind}`),
      parts: own,
      recipe: recipe.name,
      verify: at.verify ?? false,
      ...(xattrs && { xattrs }),
    });
    return new Map(own.flatMap((part) => [...ownedIn(record.world, dir, part)]));
  };
  return new Map([...fill(sysroot, 'target'), ...fill(sysrootNative, 'native')]);
}

function partOf(record: TheRecord, metadata: Metadata, staged: StagedArtifact): SysrootPart {
  const { recipe: name, id, dirs } = staged;
  const found = findArtifact(record, staged);
  const artifact = found?.recipe.artifact();
  if (found === undefined || artifact === undefined) {
    throw new VarveError(
      'usage',
      `the artifact ${id.slice(0, 12)} of ${name}, which belongs into the sysroot, is in no recorded build`,
    );
  }
  const site = createSite(record.world, metadata.places, metadata.recipe(name));
  const { objects, tree } = artifactTreeOf(record, found.recipe, artifact);
  return { recipe: name, objects, tree, time: site.epoch, ...(dirs === undefined ? {} : { dirs }) };
}
