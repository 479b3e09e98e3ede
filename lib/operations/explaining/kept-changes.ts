/** What a build changed, kept beside builds.git: it tells so too, but a change that all hang on is in thousands of its objects. */
import { hash } from 'node:crypto';
import { join } from 'node:path';
import { deflateSync, inflateSync } from 'node:zlib';
import { errorCode } from '../../artifacts/write-aside.ts';
import { openBuilds } from '../../history/builds.ts';
import type { RecordedBuild } from '../../history/recorded-build.ts';
import { readBytesIfThere, replaceFile } from '../../history/replace-file.ts';
import type { FileSystem } from '../../ports/world.ts';
import type { ChangedTask } from '../../signatures/compare-states.ts';
import type { TaskId } from '../../terms/ids.ts';
import { buildsRepository, changesDir } from '../../terms/places.ts';
import type { TheRecord } from '../record/open-record.ts';
import type { ChangedInputs } from './changed-inputs.ts';

type Pair = readonly [from: RecordedBuild, to: RecordedBuild];

interface Content extends Omit<ChangedInputs, 'changed'> {
  readonly format: number;
  readonly changed: readonly (readonly [TaskId, ChangedTask])[];
}

/** Another one where tasks are compared otherwise. */
const FORMAT = 1;
const SUM_LENGTH = 64;

/** Finds what changed between two builds: the commits prove which, since they lead to all that was compared. */
export function findChanges({ world, places }: TheRecord, pair: Pair): ChangedInputs | undefined {
  const bytes = readBytesIfThere(world.fs, pathOf(buildsRepository(places), pair)) ?? Buffer.alloc(0);
  const packed = bytes.subarray(SUM_LENGTH);
  if (bytes.toString('latin1', 0, SUM_LENGTH) !== hash('sha256', packed, 'hex')) return undefined;
  const { format, changed, ...others } = JSON.parse(inflateSync(packed).toString('utf8')) as Content;
  return format === FORMAT ? { ...others, changed: new Map(changed) } : undefined;
}

/** In a record that may only be read, or has no room, nothing is kept. */
export function keepChanges({ world, places }: TheRecord, pair: Pair, changes: ChangedInputs): void {
  const content = { format: FORMAT, ...changes, changed: [...changes.changed] } satisfies Content;
  const packed = deflateSync(JSON.stringify(content));
  const path = pathOf(buildsRepository(places), pair);
  try {
    const bytes = Buffer.concat([Buffer.from(hash('sha256', packed, 'hex')), packed]);
    replaceFile(world.fs, { path, temporary: `${path}.new` }, bytes);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
  }
}

/** Removes what was kept of builds that left the record: the commits of all after them are others too. */
export function dropChanges(fs: FileSystem, gitDir: string): void {
  const dir = changesDir(gitDir);
  if (!fs.existsSync(dir)) return;
  const there = new Set(
    openBuilds({ fs, gitDir })
      .all()
      .map(({ commit }): string => commit),
  );
  for (const name of fs.readdirSync(dir).map(String)) {
    const isThere = name.split('-').every((commit) => there.has(commit));
    if (!isThere) fs.rmSync(join(dir, name), { force: true });
  }
}

function pathOf(gitDir: string, [from, to]: Pair): string {
  return join(changesDir(gitDir), `${from.commit}-${to.commit}`);
}
