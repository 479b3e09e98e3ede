/** A build that is stopped at any call to the file system, and the one after it. */
import { expect, test } from 'vitest';
import { openHistory } from '../../lib/history/history.ts';
import type { World } from '../../lib/ports/world.ts';
import { listEntries } from '../../lib/trees/list-entries.ts';
import {
  afterwards,
  everything,
  expectGoneOn,
  lib,
  minutes,
  recipes,
  run,
  runUntil,
} from '../support/crash-scene.ts';
import { engineWorld } from '../support/memory-engine.ts';

test.each([
  ['the first build', undefined],
  ['a build after an edit', 'two'],
])('%s that is stopped at any change is gone on with by the next one', minutes, async (_, edit) => {
  for (let calls = 0; ; calls += everything ? 1 : 41) {
    const world = engineWorld(recipes('one'));
    if (edit !== undefined) {
      expect(await run(world)).toMatchObject({ ok: true });
      world.fs.writeFileSync('/layer/lib_1.0.bb', lib(edit));
    }
    const announced = await runUntil(world, calls);
    if (announced === undefined) break;
    await expectGoneOn(world, { calls, announced, text: edit ?? 'one' });
  }
});

/** Whether a text stands in the WORKDIR, or in what its history keeps as edits, or as what a task left that was cut off. */
function isKept(world: World, text: string): boolean {
  const [gitDir, workdir] = ['/build/history/any/lib.git', '/build/tmp/work/any/lib'];
  const { objects, refs } = openHistory({ fs: world.fs, gitDir, workdir, now: () => 0 });
  const kept = [...refs.list('refs/tags/')].filter(([name]) => /edited@|@failed$/.test(name));
  const entries = kept.flatMap(([, commit]) => listEntries(objects, objects.readCommit(commit).tree));
  const texts = entries.map(({ oid }) => (oid === undefined ? '' : objects.readBlob(oid).toString()));
  const onDisk = ['b/source', 'typed'].map((path) => `${workdir}/${path}`).filter(world.fs.existsSync);
  return [...texts, ...onDisk.map((path) => world.fs.readFileSync(path, 'utf8'))].includes(text);
}

test('what was typed before a build, and after it was stopped at any change, is kept', minutes, async () => {
  for (let calls = 0; ; calls += everything ? 1 : 23) {
    const world = engineWorld(recipes('one'));
    expect(await run(world)).toMatchObject({ ok: true });
    world.fs.writeFileSync('/build/tmp/work/any/lib/b/source', 'typed before');
    world.fs.writeFileSync('/layer/lib_1.0.bb', lib('two'));
    if ((await runUntil(world, calls)) === undefined) break;
    world.fs.writeFileSync('/build/tmp/work/any/lib/typed', 'typed after');
    const again = afterwards(world);
    const { ok } = await run(again);
    const kept = ['typed before', 'typed after'].map((text) => isKept(again, text));
    expect({ calls, ok, kept }).toEqual({ calls, ok: true, kept: [true, true] });
  }
});
