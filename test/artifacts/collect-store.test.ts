import { expect, test } from 'vitest';
import { collectStore } from '../../lib/artifacts/collect-store.ts';
import { planCollection } from '../../lib/artifacts/plan-collection.ts';
import { checkArtifact } from '../../lib/artifacts/read-artifact.ts';
import { openStore } from '../../lib/artifacts/store.ts';
import { surveyStore } from '../../lib/artifacts/survey-store.ts';
import type { FileSystem } from '../../lib/ports/world.ts';
import { IMAGE, newStore, put } from './stored.ts';

const dir = '/artifacts';
const everything = {
  maxSize: 0,
  unusedSince: Infinity,
  inUseSince: Infinity,
  isNeeded: () => false,
  isSpare: () => false,
};
const now = 1_700_000_000_000;

/** Calls back before every call, with how many there were. */
function watched(fs: FileSystem, before: (count: number) => void): FileSystem {
  let count = 0;
  const watch = (call: (...args: unknown[]) => unknown) => {
    return (...args: unknown[]): unknown => {
      before((count += 1));
      return call(...args);
    };
  };
  const calls = Object.entries(fs).map(([name, call]) =>
    typeof call === 'function' ? [name, watch(call as (...args: unknown[]) => unknown)] : [name, call],
  );
  return Object.fromEntries(calls) as FileSystem;
}

/**
 * Collects everything while a build begins that looks for an artifact before call `looks`, and marks it before call
 * `marks`; answers how many calls there were, and whether the build counts on the artifact.
 */
function collectDuring(looks: number, marks: number): { readonly calls: number; readonly promised: boolean } {
  const { fs, store } = newStore();
  const entry = put(store, IMAGE);
  let [found, promised, calls] = [false, false, 0];
  const collecting = watched(fs, (count) => {
    calls = count;
    if (count === looks) found = store.lookup(entry.signature).kind === 'found';
    if (count === marks && found) promised = store.archives.markUsed(entry.archive, now);
  });
  const place = { fs: collecting, dir };
  const survey = surveyStore(place);
  const inUseSince = promised ? now : Infinity;
  collectStore(place, openStore(place), planCollection(survey, { ...everything, inUseSince }));
  const expected = promised ? { kind: 'found', entry } : { kind: 'missing' };
  expect(store.lookup(entry.signature)).toEqual(expected);
  expect(fs.existsSync(store.archives.path(entry.archive))).toBe(promised);
  if (promised) expect(checkArtifact({ store, entry })).toEqual({ kind: 'whole' });
  expect(fs.readdirSync(`${dir}/aside`)).toEqual([]);
  return { calls, promised };
}

test('what a build looks for at any moment of a collection is there when it is used, or was never promised', () => {
  const { calls } = collectDuring(Infinity, Infinity);
  const promises = new Set<boolean>();
  for (let looks = 1; looks <= calls; looks += 1)
    for (let marks = looks; marks <= calls; marks += 1) promises.add(collectDuring(looks, marks).promised);
  expect(promises).toEqual(new Set([true, false]));
});

test('what was published again while it was collected stays', () => {
  const { fs, store } = newStore();
  const entry = put(store, IMAGE);
  // Both times may be within one tick of the clock.
  fs.utimesSync(store.archives.path(entry.archive), 1, 1);
  const plan = planCollection(surveyStore({ fs, dir }), everything);
  put(store, IMAGE);
  collectStore({ fs, dir }, store, plan);
  expect(store.lookup(entry.signature)).toEqual({ kind: 'found', entry });
});

test('a store that somebody removes while it is collected is not begun anew', () => {
  const count = removedDuring(Infinity);
  for (let at = 1; at <= count; at += 1) removedDuring(at);
});

/** Removes the archives, then the entries, as rm -r would, before call `at`; answers how many calls there were. */
function removedDuring(at: number): number {
  const { fs, store } = newStore();
  const entry = put(store, IMAGE);
  let calls = 0;
  const collecting = watched(fs, (count) => {
    calls = count;
    if (count !== at) return;
    fs.rmSync(`${dir}/cas`, { recursive: true });
    fs.rmSync(`${dir}/ac`, { recursive: true });
  });
  const place = { fs: collecting, dir };
  collectStore(place, openStore(place), planCollection(surveyStore({ fs, dir }), everything));
  expect(store.lookup(entry.signature)).toEqual({ kind: 'missing' });
  if (at <= calls) expect(fs.existsSync(`${dir}/ac`)).toBe(false);
  return calls;
}
