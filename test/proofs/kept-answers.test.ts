import { dirname } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { World } from '../../lib/ports/world.ts';
import { findAnswer, keepAnswer } from '../../lib/proofs/kept-answers.ts';
import { watchWorld } from '../../lib/proofs/watch-world.ts';
import { memoryWorld } from '../support/memory-world.ts';

const place = { dir: '/kept', restless: '/build', question: 'what is to be done?' };

// Times tell what was touched when.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2030-01-01T00:00:00.500Z') });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A world with a few files that have been at rest for a while. */
function restingWorld(): World {
  const world = memoryWorld({
    files: { '/layer/a': 'a', '/layer/b': 'b', '/build/conf': '' },
    now: () => Date.now(),
    run: () => ({ status: 0, signal: null, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) }),
  });
  vi.advanceTimersByTime(3001);
  return world;
}

/** Asks, and keeps the answer for it. */
function answered(world: World, ask: (world: World) => void): void {
  const watched = watchWorld(world);
  ask(watched.world);
  const asked = watched.end();
  if (asked !== undefined) keepAnswer(world, place, { answer: 'nothing', asked });
  vi.advanceTimersByTime(3001);
}

const stillHolds = (world: World): boolean | undefined => findAnswer<string>(world, place)?.holds();

test('an answer is found again as long as nothing that was asked for it is otherwise', () => {
  const world = restingWorld();
  answered(world, ({ fs }) => {
    fs.readFileSync('/layer/a');
    fs.existsSync('/layer/later');
  });
  expect(findAnswer<string>(world, place)?.answer).toBe('nothing');
  world.fs.writeFileSync('/layer/a', 'a');
  expect(stillHolds(world)).toBe(false);
});

test.each<[what: string, ask: (world: World) => unknown, change: (world: World) => void]>([
  [
    'a file comes where none was',
    ({ fs }) => fs.existsSync('/layer/later'),
    ({ fs }) => fs.writeFileSync('/layer/later', ''),
  ],
  [
    'a directory comes on the way to what was not there',
    ({ fs }) => fs.existsSync('/layer/x/y/z'),
    ({ fs }) => fs.mkdirSync('/layer/x/y/z', { recursive: true }),
  ],
  [
    'a file comes where files come and go',
    ({ fs }) => fs.existsSync('/build/classes'),
    ({ fs }) => fs.mkdirSync('/build/classes'),
  ],
  [
    'a name is added to a list',
    ({ fs }) => fs.readdirSync('/layer'),
    ({ fs }) => fs.writeFileSync('/layer/c', ''),
  ],
  ['a file goes', ({ fs }) => fs.existsSync('/layer/b'), ({ fs }) => fs.rmSync('/layer/b')],
  [
    'a link leads elsewhere',
    ({ fs }) => fs.lstatSync('/layer/b'),
    ({ fs }) => {
      fs.rmSync('/layer/b');
      fs.symlinkSync('/layer/a', '/layer/b');
    },
  ],
])('an answer does not hold any more when %s', (_, ask, change) => {
  const world = restingWorld();
  answered(world, ask);
  expect(stillHolds(world)).toBe(true);
  change(world);
  expect(stillHolds(world)).toBe(false);
});

test('the lock comes and goes without an end to the answer', () => {
  const world = restingWorld();
  answered(world, ({ fs }) => fs.existsSync('/build/classes'));
  world.fs.writeFileSync('/build/build.lock', '');
  expect(stillHolds(world)).toBe(true);
});

test('in another environment it is another question, as far as the environment was asked', () => {
  const world = restingWorld();
  answered({ ...world, env: { MACHINE: 'one', TERM: 'vt100' } }, ({ env }) => env['MACHINE']);
  expect(stillHolds({ ...world, env: { MACHINE: 'one', TERM: 'xterm' } })).toBe(true);
  expect(stillHolds({ ...world, env: { MACHINE: 'two', TERM: 'vt100' } })).toBeUndefined();
});

test('what was touched while it was asked proves nothing, nor does what a program said', () => {
  const world = restingWorld();
  answered(world, ({ fs }) => {
    fs.readFileSync('/layer/a');
    fs.writeFileSync('/layer/a', 'another');
  });
  expect(stillHolds(world)).toBeUndefined();
  answered(world, ({ run }) => run('date', []));
  expect(stillHolds(world)).toBeUndefined();
});

test.each([
  ['/proc/self/status', undefined],
  ['layer/a', undefined],
  ['/dev/urandom', undefined],
  ['/dev/shm/layer/a', true],
])('what %s says may prove something: %s', (path, holds) => {
  const world = restingWorld();
  world.fs.mkdirSync(dirname(path), { recursive: true });
  world.fs.writeFileSync(path, 'text');
  vi.advanceTimersByTime(3001);
  answered(world, ({ fs }) => fs.readFileSync(path));
  expect(stillHolds(world)).toBe(holds);
});

test('where nothing can be written nothing is kept, and nobody is told', () => {
  const world = restingWorld();
  const refuse = (): never => {
    throw Object.assign(new Error('EACCES'), { code: 'EACCES', syscall: 'open' });
  };
  const readOnly = { ...world, fs: { ...world.fs, writeFileSync: refuse, rmSync: refuse } };
  answered(readOnly, ({ fs }) => fs.readFileSync('/layer/a'));
  expect(stillHolds(world)).toBeUndefined();
});
