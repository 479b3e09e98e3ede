import { expect, test } from 'vitest';
import { createWorld } from '../../lib/world/world.ts';

test('however many worlds are opened, node warns of no leak of listeners', () => {
  createWorld();
  const listeners = (): readonly number[] =>
    [process.stdout, process.stderr].map((stream) => stream.listenerCount('error'));
  const before = listeners();
  for (let count = 0; count < 11; count += 1) createWorld();
  expect(listeners()).toEqual(before);
});
