import type { CommitId, ObjectId, Signature, TreeId } from '../terms/ids.ts';
import { refs } from '../terms/places.ts';

/** What a build says of one recipe, as far as its history holds it. */
export interface RecipeState {
  readonly tasks: readonly {
    readonly task: string;
    readonly signature: Signature;
    readonly commit?: CommitId;
  }[];
  readonly artifacts: readonly { readonly signature: Signature; readonly tree: TreeId }[];
  readonly work: CommitId | undefined;
}

export interface NamesOfHistory {
  /** All of them, as they are. */
  readonly names: ReadonlyMap<string, ObjectId>;
  /** Numbers of the builds that are kept, oldest first. */
  readonly builds: readonly number[];
  /** How the recipe stands in builds that are kept, and in those that are dropped. */
  readonly kept: readonly RecipeState[];
  readonly dropped: readonly RecipeState[];
}

/**
 * Decides which names of a history change when builds are dropped (undefined: it goes). Only what a dropped build
 * gave goes, where no kept one goes by it: the newest success and failure of each task, edits, and what is a person's own stay.
 * Pure.
 */
export function planNames(history: NamesOfHistory): ReadonlyMap<string, ObjectId | undefined> {
  const needed = new Set(history.kept.flatMap(givenNames));
  const gone = history.dropped
    .flatMap(givenNames)
    .filter((name) => !needed.has(name) && history.names.has(name));
  return new Map([...gone.map((name) => [name, undefined] as const), ...planStood(history)]);
}

function givenNames({ tasks, artifacts }: RecipeState): readonly string[] {
  return [
    ...tasks.map(({ task, signature }) => refs.stamp(task, signature)),
    ...artifacts.map(({ signature }) => refs.artifact(signature)),
  ];
}

/** A build that is kept may stand where one stood that is dropped: then it has the name from now on. */
function planStood({ names, builds }: NamesOfHistory): ReadonlyMap<string, ObjectId | undefined> {
  const prefix = refs.build(0).slice(0, -1);
  const stood = [...names]
    .flatMap(([name, oid]) =>
      name.startsWith(prefix) ? [{ n: Number(name.slice(prefix.length)), oid }] : [],
    )
    .toSorted((a, b) => a.n - b.n);
  const wanted = new Map<string, ObjectId>();
  let before: ObjectId | undefined;
  for (const build of builds) {
    const found = stood.findLast(({ n }) => n <= build)?.oid;
    if (found !== undefined && found !== before) wanted.set(refs.build(build), found);
    before = found;
  }
  const changes = new Map<string, ObjectId | undefined>();
  for (const { n } of stood) if (!wanted.has(refs.build(n))) changes.set(refs.build(n), undefined);
  for (const [name, oid] of wanted) if (names.get(name) !== oid) changes.set(name, oid);
  return changes;
}
