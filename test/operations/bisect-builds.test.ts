import { expect, test } from 'vitest';
import { bisectBuilds } from '../../lib/operations/bisect/bisect-builds.ts';
import type { BisectEvent } from '../../lib/operations/bisect/bisected.ts';
import { type BuildState, buildDir, worldWithBuilds } from './recorded.ts';
import { zlib } from './recorded-zlib.ts';

/** Twelve builds; zlib is bad from build 7 on; build 4 failed and build 5 is as build 3 was. */
function twelveBuilds(judge: (content: string) => number) {
  const states = Array.from({ length: 12 }, (_, i): BuildState => {
    const flags = i === 3 || i === 4 ? '-good2' : i < 6 ? `-good${i}` : `-bad${i}`;
    return { recipes: { zlib: zlib(flags) }, ok: i !== 3 };
  });
  let world = worldWithBuilds(states);
  const runs: string[] = [];
  const run = (
    _program: string,
    _args: readonly string[],
    { cwd = '', env = {} }: { cwd?: string; env?: Readonly<Record<string, string>> },
  ) => {
    runs.push(env['VARVE_BUILD'] ?? '');
    const status = judge(String(world.fs.readFileSync(`${cwd}/usr/lib/libz.a`)));
    return { status, signal: null, stdout: Buffer.alloc(0), stderr: Buffer.from('it said this\n') };
  };
  world = worldWithBuilds(states, { run });
  const events: BisectEvent[] = [];
  const bisect = (good = '@1', bad = '@12') =>
    bisectBuilds(world, { buildDir, rev: 'zlib', good, bad, command: ['judge'], again: false }, (event) =>
      events.push(event),
    );
  const drop = (n: number): void => world.fs.rmSync(`${buildDir}/history/builds.git/refs/tags/${n}`);
  return { bisect, drop, runs, events };
}

test('bisect finds the first bad build and the input that was different, and runs no task', async () => {
  const { bisect, runs, events } = twelveBuilds((content) => (content.includes('bad') ? 1 : 0));
  expect(await bisect()).toMatchObject({
    over: 'builds',
    firstBad: { build: 7 },
    lastGood: { build: 6 },
    inputs: [{ task: 'zlib:do_compile', kind: 'variable', name: 'CFLAGS', from: '-good5', to: '-bad6' }],
    predicateRuns: runs.length,
    tasksRun: 0,
  });
  expect(runs.slice(0, 2)).toEqual(['1', '12']);
  expect(runs.length).toBeLessThanOrEqual(6);
  expect(events[0]).toEqual({ kind: 'passed-over', builds: [4], why: 'it failed' });
});

test('bisect tells which builds between the last good and the first bad one are no longer here', async () => {
  const { bisect, drop } = twelveBuilds((content) => (content.includes('bad') ? 1 : 0));
  for (const n of [7, 8]) drop(n);
  expect(await bisect()).toMatchObject({ firstBad: { build: 9 }, lastGood: { build: 6 }, absent: [7, 8] });
});

test('exit status 125 skips a build, and a build that cannot be judged is said', async () => {
  const { bisect } = twelveBuilds((content) =>
    content.includes('bad6') ? 125 : content.includes('bad') ? 1 : 0,
  );
  expect(await bisect()).toMatchObject({ firstBad: { build: 8 }, unjudged: [7] });
});

test('a command that judges nothing stops the search with the reason', async () => {
  const { bisect } = twelveBuilds(() => 127);
  await expect(bisect()).rejects.toThrow('the command exited with 127 in build 1, which judges nothing');
});

test('an end that is not what it was said to be stops the search', async () => {
  const { bisect } = twelveBuilds(() => 0);
  await expect(bisect()).rejects.toThrow('build 12 was given as bad and is good');
  await expect(bisect('@12', '@1')).rejects.toThrow('the good build must be older than the bad one');
  await expect(bisect('@4')).rejects.toThrow('build 4 cannot be an end of the search: it failed');
});
