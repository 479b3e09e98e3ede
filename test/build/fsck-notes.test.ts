import { expect, test } from 'vitest';
import { openHistory } from '../../lib/history/history.ts';
import { checkRecord } from '../../lib/operations/check-record.ts';
import type { BuildEvent } from '../../lib/terms/events.ts';
import type { CommitId } from '../../lib/terms/ids.ts';
import { buildDir, memoryBuild, type MemoryBuild } from '../support/memory-build.ts';
import { makeWorkspace, plainRecipe } from '../support/workspace.ts';

/** A recipe built in memory. */
async function built(): Promise<MemoryBuild> {
  const memory = memoryBuild({ files: { 'recipes/lib_1.bb': plainRecipe({ do_compile: 'echo lib' }) } });
  await memory.build('lib');
  return memory;
}

const lib = ({ world }: MemoryBuild) =>
  openHistory({
    fs: world.fs,
    gitDir: `${buildDir}/history/x86_64/lib.git`,
    workdir: `${buildDir}/tmp/work/x86_64/lib`,
    now: () => 0,
  });

/** The commit that a tag of lib names. */
const tagged = (memory: MemoryBuild, tag: string): CommitId =>
  lib(memory).refs.read(`refs/tags/${tag}`) as CommitId;

/** What is found, a line each: `#` stands for ids. */
const found = ({ world }: MemoryBuild): readonly string[] =>
  checkRecord(world, { buildDir }).damaged.map(({ place, what }) =>
    `${place.slice(buildDir.length + 1)}: ${what}`.replaceAll(/[0-9a-f]{12,}/g, '#'),
  );

test('a note of nothing', async () => {
  const memory = await built();
  lib(memory).notes.set('logs', new Map([['3'.repeat(40) as CommitId, 'what a task said']]));
  expect(found(memory)).toEqual(['history/x86_64/lib.git: notes/logs tells of #: no such commit is there']);
});

test('notes that a person wrote over are told with the task and what is lost, and the hints mend it', () => {
  const w = makeWorkspace({
    damages: true,
    files: { 'recipes/lib_1.bb': plainRecipe({ do_compile: 'echo lib > made; touch -d @-1.5 old' }) },
  });
  expect(w.varve('build', 'lib').status).toBe(0);
  const time = w.git('lib', 'notes', '--ref', 'times', 'show', 'do_compile').trimEnd().split('\n')[0] ?? '';
  for (const [kind, text] of [
    ['runs', 'junk'],
    ['times', `${time}\njunk \u009b time`],
    ['logs', 'any log'],
  ] as const)
    w.git('lib', 'notes', '--ref', kind, 'add', '-f', '-m', text, 'do_compile');
  const { status, stdout } = w.varve('fsck');
  expect(status).toBe(1);
  const commit = w.git('lib', 'rev-parse', 'do_compile').trim();
  const on = `on commit ${commit.slice(0, 12)} (lib:do_compile@#)`;
  expect(stdout.replaceAll(/@[0-9a-f]{12}/g, '@#')).toContain(
    `lib.git: notes/runs ${on}: line 1 is "junk", not a run\n`,
  );
  expect(stdout).toContain(': line 2 is "junk · time", not the time of a file\n');
  expect(stdout).toContain(': 2 damages found\n');
  const note = (kind: string): string =>
    `warning: ${w.path('history/x86_64/lib.git')}: refs/notes/${kind} on commit ${commit.slice(0, 12)} cannot be read: `;
  const restored = w.varve('restore', 'lib:compile', '../restored');
  expect(restored).toMatchObject({ status: 0, stderr: expect.stringContaining(note('times')) });
  expect(restored.stderr.split('\n')).toHaveLength(2);
  const shown = w.varve('show', 'lib:compile');
  expect(shown).toMatchObject({ status: 0, stderr: expect.stringContaining(note('runs')) });
  expect(w.varve('show', 'lib:unpack').stderr).toBe('');
  const asking = [
    ['log', 'lib'],
    ['log', '--across', 'lib:compile'],
    ['blame', 'lib:compile', 'sources/made'],
    ['why', 'lib@1:compile'],
  ];
  for (const words of asking)
    expect(w.varve(...words)).toMatchObject({ status: 0, stderr: expect.stringContaining(note('runs')) });
  expect(w.varve('log', 'lib:unpack').stderr).toBe('');
  const removals = [...stdout.matchAll(/^hint: git --git-dir \S+ (notes --ref \w+ remove \w+) /gm)];
  for (const [, command = ''] of removals) w.git('lib', ...command.split(' '));
  expect(stdout).toContain('\nhint: varve build -f -c compile lib   ');
  w.varve('build', '-f', '-c', 'compile', 'lib');
  expect(w.varve('fsck').status).toBe(0);
  expect(w.git('lib', 'notes', '--ref', 'runs', 'show', 'do_compile')).toContain('"build":2,');
  expect(w.git('lib', 'notes', '--ref', 'times', 'show', 'do_compile')).toContain(' time=-2.500000000\n');
});

test.each([
  ['runs', '', 'it tells of no run'],
  ['runs', '{"build":1}\n', 'line 1 is "{\\"build\\":1}", not a run'],
  [
    'times',
    './made time=1.000000000\n./cut time=1.00000',
    'line 2 is "./cut time=1.00000", not the time of a file',
  ],
  ['times', './made time=1.000000000', 'line 1 is "./made time=1.000000000", not the time of a file'],
] as const)('notes/%s that say %j', async (kind, text, told) => {
  const memory = await built();
  lib(memory).notes.set(kind, new Map([[tagged(memory, 'do_compile'), text]]));
  expect(found(memory)).toEqual([
    `history/x86_64/lib.git: notes/${kind} on commit # (lib:do_compile@#): ${told}`,
  ]);
});

test('times that only a file system in memory takes are no damage, and neither is a task that wrote nothing', async () => {
  const memory = await built();
  const most = `./made time=-${2n ** 63n}.000000000\n`;
  lib(memory).notes.set(
    'times',
    new Map([
      [tagged(memory, 'do_compile'), most],
      [tagged(memory, 'do_fetch'), ''],
    ]),
  );
  expect(found(memory)).toEqual([]);
});

test('a name of notes at what is no notes', async () => {
  const memory = await built();
  const { refs, objects } = lib(memory);
  refs.write('refs/notes/runs', objects.writeBlob(Buffer.from('junk')));
  expect(found(memory)).toEqual(['history/x86_64/lib.git: notes/runs names a blob']);
});

test('a build warns of a note that it goes by, and takes no failure for cut off because of it', async () => {
  const memory = await built();
  memory.write('recipes/lib_1.bb', plainRecipe({ do_compile: 'exit 1' }));
  await memory.build('lib');
  const unreadOf = (tag: string): string =>
    `${buildDir}/history/x86_64/lib.git: refs/notes/runs on commit ${tagged(memory, tag).slice(0, 12)} cannot be read: `;
  const spoil = (tag: string): void =>
    lib(memory).notes.set('runs', new Map([[tagged(memory, tag), 'junk\n']]));
  const reasons = (events: readonly BuildEvent[]): readonly unknown[] =>
    events.flatMap((each) => ('reason' in each && each.task === 'lib:do_compile' ? [each.reason] : []));
  const warned = (events: readonly BuildEvent[]): readonly string[] =>
    events.flatMap((each) => (each.event === 'message' && each.level === 'warning' ? [each.text] : []));
  const before = await memory.build('lib', { dryRun: true });
  expect(reasons(before)).toEqual([{ kind: 'inputs-changed', failed: { build: 2, sameInputs: true } }]);
  expect(warned(before)).toEqual([]);
  spoil('do_compile@failed');
  const asked = await memory.build('lib', { dryRun: true });
  expect(reasons(asked)).toEqual([{ kind: 'inputs-changed' }]);
  expect(warned(asked)).toEqual([expect.stringContaining(unreadOf('do_compile@failed'))]);
  expect(warned(await memory.build('lib'))).toEqual(warned(asked));
});
