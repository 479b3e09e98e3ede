/** A build that a power cut ends at any change, and the one after it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { catFile } from '../../lib/operations/cat-file.ts';
import type { BuildEvent } from '../../lib/terms/events.ts';
import {
  afterwards,
  everything,
  lib,
  minutes,
  readAll,
  recipes,
  run,
  runUntil,
} from '../support/crash-scene.ts';
import { forgetfulFiles } from '../support/failing-files.ts';
import { engineWorld, withFiles } from '../support/memory-engine.ts';

test.each([
  ['the first build', undefined, 0],
  ['a build after an edit', 'two', 0],
  ['a build while which the clock is set back by an hour', 'two', 3_600_000],
])(
  '%s that a power cut ends at any change: what was synced stands, and the next one goes on',
  minutes,
  async (_, edit, ahead) => {
    for (let calls = 0, seed = 1; ; calls += everything ? 1 : 61, seed += 1) {
      const plain = engineWorld(recipes('one'));
      const forgetful = forgetfulFiles(plain.fs);
      const world = { ...withFiles(plain, forgetful.fs), sync: () => forgetful.sync() };
      if (edit !== undefined) {
        expect(await run({ ...world, now: () => Date.now() + ahead })).toMatchObject({ ok: true });
        plain.fs.writeFileSync('/layer/lib_1.0.bb', lib(edit));
      }
      let begun = false;
      const now = (): number => Date.now() + (begun ? 0 : ahead);
      const note = ({ event }: BuildEvent): void => {
        begun ||= event === 'build-started';
      };
      if ((await runUntil({ ...world, now }, calls, note)) === undefined) break;
      const random = fc.sample(fc.constantFrom(0, 0.5, 1), { seed, numRuns: 4000 });
      forgetful.cut(() => random.pop() ?? 0);
      plain.fs.writeFileSync('/proc/sys/kernel/random/boot_id', 'second\n');
      const again = { ...afterwards(plain), now: () => Date.now() };
      if (edit !== undefined) {
        // Before anything was written again the record may be asked for what was synced.
        const old = catFile(again, { buildDir: '/build', rev: 'app@1', path: 'share/app' }).bytes.toString();
        expect({ calls, old }).toEqual({ calls, old: 'linked-compiled-one' });
      }
      const { ok } = await run(again);
      const made = catFile(again, { buildDir: '/build', rev: 'app', path: 'share/app' }).bytes.toString();
      expect({ calls, ok, made }).toEqual({ calls, ok: true, made: `linked-compiled-${edit ?? 'one'}` });
      for (const recipe of ['lib', 'app']) readAll(again, recipe);
      expect((await run(again)).ran).toEqual([]);
    }
  },
);
