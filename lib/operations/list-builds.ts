import type { RecordedBuild } from '../history/recorded-build.ts';
import type { World } from '../ports/world.ts';
import type { Counts } from '../terms/events.ts';
import { openRecord } from './record/open-record.ts';

export interface BuildRow {
  readonly build: number;
  readonly ok: boolean;
  /** It was told to stop; absent: it was not. */
  readonly interrupted?: boolean;
  /** ISO 8601. */
  readonly time: string;
  readonly name?: string;
  readonly targets: readonly string[];
  /** Options of the command line, as far as they say what was built. */
  readonly options: readonly string[];
  readonly machine: string;
  readonly distro: string;
  /** What came of its tasks. */
  readonly counts?: Counts;
  /** Recipes that it built with a person's edits; absent: none. */
  readonly edited?: readonly string[];
}

/** Lists the recorded builds, oldest first. */
export function listBuilds(world: World, request: { readonly buildDir: string }): readonly BuildRow[] {
  return openRecord(world, request.buildDir).builds.map(buildRow);
}

/** What is told of a build in a line. */
export function buildRow(build: RecordedBuild): BuildRow {
  // The file `build`: a word and its value a line, then the text of the configuration.
  const asked = build.asked();
  const value = (word: string): string => new RegExp(`^${word} (.*)$`, 'm').exec(asked)?.[1] ?? '';
  const words = (text: string): readonly string[] => text.split(' ').filter((word) => word !== '');
  return {
    build: build.n,
    ok: build.ok,
    ...(build.interrupted === true && { interrupted: true }),
    time: new Date(build.time).toISOString(),
    ...(build.name === undefined ? {} : { name: build.name }),
    targets: words(value('targets')),
    options: words(value('options')),
    machine: value('machine'),
    distro: value('distro'),
    ...(build.counts === undefined ? {} : { counts: build.counts }),
    ...(build.edited.length > 0 && { edited: build.edited }),
  };
}
