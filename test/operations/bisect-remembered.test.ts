import { expect, test } from 'vitest';
import { bisectBuilds } from '../../lib/operations/bisect/bisect-builds.ts';
import { buildDir, worldWithBuilds, type BuildState } from './recorded.ts';

const withApp = (text: string): BuildState => ({
  recipes: { app: { tasks: { do_install: { files: { 'image/app': text } } }, artifact: { app: text } } },
});
/** Five builds, each with another app; the last two are bad. */
const five = ['1', '2', '3', '4 bad', '5 bad'];

/** Bisects with a command that is played; how often it ran. */
function bisecting(apps = five) {
  let runs = 0;
  let status = (content: string): number => (content.includes('bad') ? 1 : 0);
  const world = worldWithBuilds(apps.map(withApp), {
    files: { '/b/conf/bblayers.conf': '', '/home/check.sh': '#!/bin/sh\n' },
    run: (_program, _args, { cwd = '' }) => {
      runs += 1;
      const code = status(String(world.fs.readFileSync(`${cwd}/app`)));
      return { status: code, signal: null, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
    },
  });
  const bisect = async (
    command: readonly string[],
    more: { readonly again?: boolean; bad?: string } = {},
  ) => {
    runs = 0;
    const request = { buildDir, rev: 'app', good: '1', bad: '5', command, again: false, ...more };
    const found = await bisectBuilds(world, request, () => {});
    return { build: found?.firstBad.build, told: found?.predicateRuns, runs };
  };
  return { bisect, world, judge: (how: typeof status) => (status = how) };
}

test('the same command runs only once on a tree, and another one is another question', async () => {
  const { bisect } = bisecting();
  expect(await bisect(['check', 'it'])).toEqual({ build: 4, told: 4, runs: 4 });
  expect(await bisect(['check', 'it'])).toEqual({ build: 4, told: 0, runs: 0 });
  expect(await bisect(['check', 'it'], { bad: '4' })).toMatchObject({ build: 4, runs: 1 });
  expect(await bisect(['check it'])).toMatchObject({ runs: 4 });
});

test('--again asks anew, and what is said then is remembered', async () => {
  const { bisect, judge } = bisecting();
  await bisect(['check']);
  judge((content) => (content >= '2' ? 1 : 0));
  expect(await bisect(['check'])).toMatchObject({ build: 4, runs: 0 });
  expect(await bisect(['check'], { again: true })).toMatchObject({ build: 2, runs: 4 });
  expect(await bisect(['check'])).toMatchObject({ build: 2, runs: 0 });
});

test('a script that was mended is another command', async () => {
  const { bisect, world } = bisecting();
  for (const command of [['/home/check.sh'], ['sh', '-c', 'cd usr;/home/check.sh "$1"']]) {
    world.fs.writeFileSync('/home/check.sh', '#!/bin/sh\none');
    await bisect(command);
    expect(await bisect(command)).toMatchObject({ runs: 0 });
    world.fs.writeFileSync('/home/check.sh', '#!/bin/sh\ntwo');
    expect(await bisect(command)).toMatchObject({ runs: 4 });
  }
});

test('what a command says that asks for VARVE_BUILD holds for that build only', async () => {
  const { bisect, world } = bisecting();
  world.fs.writeFileSync('/home/check.sh', '#!/bin/sh\ntest $VARVE_BUILD -lt 4');
  await bisect(['/home/check.sh']);
  const lines = world.fs
    .readdirSync('/b/history/builds.git/varve/judgements')
    .flatMap((name) =>
      String(world.fs.readFileSync(`/b/history/builds.git/varve/judgements/${name}`)).split('\n'),
    );
  expect(lines[0]).toBe('{"command":["/home/check.sh"]}');
  expect(lines.slice(1).map((line) => /^\{"tree":"[0-9a-f]{40}:image (\d)",/.exec(line)?.[1])).toEqual([
    '1',
    '5',
    '3',
    '4',
  ]);
});

test('a search that was cut off while it wrote goes on from what is whole', async () => {
  const { bisect, world } = bisecting();
  await bisect(['check']);
  const dir = '/b/history/builds.git/varve/judgements';
  const path = `${dir}/${String(world.fs.readdirSync(dir)[0])}`;
  const text = String(world.fs.readFileSync(path));
  world.fs.writeFileSync(path, text.slice(0, -3));
  expect(await bisect(['check'])).toMatchObject({ build: 4, runs: 1 });
  expect(await bisect(['check'])).toMatchObject({ build: 4, runs: 0 });
});

test('a bad end that is the same as a build before it is named as it was given', async () => {
  const { bisect } = bisecting(['1', '2', '2', '2', '2']);
  await expect(bisect(['check'])).rejects.toThrow(
    'build 5, the same as build 2, was given as bad and is good',
  );
});
