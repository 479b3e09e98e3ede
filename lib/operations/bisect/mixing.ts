/** Makes mixtures of the inputs of two builds in a scratch build directory. */
import { join } from 'node:path';
import { mixMetadata } from '../../execution/mixing/mix-metadata.ts';
import { installTask } from '../../graph/arrange-tasks.ts';
import type { World } from '../../ports/world.ts';
import { compareInputs } from '../../signatures/compare-inputs.ts';
import { taskId } from '../../terms/ids.ts';
import type { Input } from '../../terms/inputs.ts';
import type { Mixture } from '../../terms/mixture.ts';
import { planNow } from '../building/plan-now.ts';
import { recordAt, type TheRecord } from '../record/open-record.ts';
import { buildInScratch, type Made, type Unmade, type Wanted } from './build-in-scratch.ts';
import { keyOf, mixInputs, type ChangedItem, type Inputs, type Sides } from './changed-row.ts';
import type { Failures } from './failures.ts';
import { loadScratch } from './scratch-build-dir.ts';
import { standingNeeds } from './standing-needs.ts';
import { writeSources } from './write-sources.ts';

export interface Mixing {
  readonly record: TheRecord;
  readonly wanted: Wanted;
  readonly sides: Sides;
  /** The scratch build directory. */
  readonly buildDir: string;
  readonly failures: Failures;
}

/** Builds a mixture of these of the row; undefined where a person interrupted it. */
export async function buildMixture(
  world: World,
  mixing: Mixing,
  { row, mixed }: { readonly row: readonly ChangedItem[]; readonly mixed: readonly number[] },
): Promise<Made | Unmade | undefined> {
  const mixture = prepare(mixing, mixInputs(mixing.sides, row, mixed));
  return buildInScratch(world, mixing.buildDir, {
    ...mixing.wanted,
    mixture,
    failures: mixing.failures,
    onRun: () => {},
  });
}

/** Inputs that would not be as they were wanted: what neither the record nor the metadata makes so. */
export async function strayInputs(
  world: World,
  mixing: Mixing,
  inputs: Inputs,
): Promise<ReadonlySet<string>> {
  const { wanted, buildDir } = mixing;
  const metadata = mixMetadata(loadScratch(world, buildDir), prepare(mixing, inputs));
  const { recipe, task = installTask } = wanted;
  const { context } = await planNow(recordAt(world, metadata.places), metadata, [`${recipe}:${task}`]);
  const stray = [...inputs].flatMap(([name, own]) => {
    const node = context.graph.tasks.get(taskId(recipe, name));
    if (node === undefined) return own.map((input) => keyOf(name, input));
    return compareInputs(
      own.filter(isSeen).map(plain),
      context.signer.draft(node, context.known).filter(isSeen).map(plain),
    ).map((change) => keyOf(name, change));
  });
  return new Set(stray);
}

/** What other tasks produce is not known before a build; here it counts that it is asked for. */
function plain(input: Input): Input {
  return input.kind === 'artifact' || input.kind === 'produced' ? { ...input, value: '' } : input;
}

const isSeen = ({ kind }: Input): boolean => kind !== 'after' && kind !== 'edited';

function prepare({ record, wanted: { recipe }, buildDir }: Mixing, inputs: Inputs): Mixture {
  const filesDir = join(buildDir, '..', 'files');
  writeSources(
    record,
    { task: taskId(recipe, 'do_unpack'), inputs: inputs.get('do_unpack') ?? [] },
    filesDir,
  );
  return { recipe, inputs, filesDir, standing: standingNeeds(record, inputs) };
}
