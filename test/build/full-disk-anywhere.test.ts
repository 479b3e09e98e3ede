/** A build whose disk is full from any moment on, and the one after it. */
import { expect, test } from 'vitest';
import type { BuildEvent } from '../../lib/terms/events.ts';
import { everything, expectGoneOn, lib, minutes, ranIn, recipes, run } from '../support/crash-scene.ts';
import { fullFiles } from '../support/failing-files.ts';
import { buildIn, engineWorld } from '../support/memory-engine.ts';

test.each([
  ['the first build', undefined],
  ['a build after an edit', 'two'],
])(
  '%s on a disk that is full from any moment on is gone on with when there is room',
  minutes,
  async (_, edit) => {
    for (let calls = 0; ; calls += everything ? 1 : 19) {
      const world = engineWorld(recipes('one'));
      if (edit !== undefined) {
        expect(await run(world)).toMatchObject({ ok: true });
        world.fs.writeFileSync('/layer/lib_1.0.bb', lib(edit));
      }
      const fs = fullFiles(world.fs, calls);
      const events: BuildEvent[] = [];
      // What tasks write themselves finds room.
      const ended = await buildIn({ ...world, fs }, 'app', (event) => events.push(event)).catch(
        (error: unknown) => error,
      );
      if (!fs.isFull()) break;
      const said = ended instanceof Error ? ended.message : JSON.stringify(events);
      if (!(ended as { ok?: boolean }).ok)
        expect({ calls, said }).toEqual({ calls, said: expect.stringMatching(/ENOSPC|no space|full/) });
      await expectGoneOn(world, { calls, announced: ranIn(events), text: edit ?? 'one' });
    }
  },
);
