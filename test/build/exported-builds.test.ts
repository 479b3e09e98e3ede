/** Which builds an exported file tells of: those that were named, and no other. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { openRefs } from '../../lib/history/refs.ts';
import { checkRecord } from '../../lib/operations/check-record.ts';
import { diffRevisions } from '../../lib/operations/diff-revisions.ts';
import { exportHistory } from '../../lib/operations/export-history.ts';
import { logRevision } from '../../lib/operations/log-revision.ts';
import { showRevision } from '../../lib/operations/show-revision.ts';
import { formatExplanation } from '../../lib/reporting/format-explanation.ts';
import { formatShown } from '../../lib/reporting/format-shown.ts';
import { createPaint } from '../../lib/reporting/paint.ts';
import {
  chain,
  file,
  files,
  importInto,
  members,
  type Pieces,
  receiver,
  recipe,
  refusal,
} from '../support/colleague.ts';
import { buildDir, memoryBuild, type MemoryBuild } from '../support/memory-build.ts';
import { makeWorkspace, plainRecipe } from '../support/workspace.ts';

const secret = (n: number): string => `hunter-of-build-${n}`;
const secrets = [1, 2, 3, 4, 5].map(secret);
const failing = 3;

/** Five builds of app, each with its own secret in local.conf; lib is as it was from the first on, and the third fails. */
async function fiveBuilds(): Promise<MemoryBuild> {
  const memory = memoryBuild({ files: files('echo app') });
  for (const n of [1, 2, 3, 4, 5]) {
    memory.write(`${buildDir}/conf/local.conf`, `TOKEN = "${secret(n)}"\n`);
    const compile = n === failing ? 'exit 1' : `echo ${n}`;
    memory.write('recipes/app_1.bb', recipe(compile, 'DEPENDS = "lib"\n'));
    await memory.build('app');
  }
  return memory;
}

/** Everything that is in the file: objects, notes, names. */
function contentOf(memory: MemoryBuild): string {
  return Buffer.concat(members(memory).map(([, bytes]) => bytes)).toString('latin1');
}

const secretsIn = (memory: MemoryBuild): readonly string[] => {
  const content = contentOf(memory);
  return secrets.filter((each) => content.includes(each));
};

const buildTags = ({ world: { fs } }: MemoryBuild, dir: string): ReadonlyMap<string, string> =>
  openRefs(fs, `${buildDir}/${dir}/builds.git`).list('refs/tags/');

test('a file tells of the builds that were named, and of no other', async () => {
  const from = await fiveBuilds();
  for (const [revs, builds] of [
    [['@4'], [4]],
    [
      ['@5', '@2'],
      [2, 5],
    ],
    [
      ['@4', '@5', '@1'],
      [1, 4, 5],
    ],
    [['app@2:compile'], [2]],
    [
      ['@1', '@2', '@3', '@4', '@5'],
      [1, 2, 3, 4, 5],
    ],
    [['app:compile@failed'], [failing]],
    [['lib:compile'], [5]],
  ] as const) {
    expect(exportHistory(from.world, { buildDir, revs, file }).builds).toEqual(builds);
    expect(secretsIn(from)).toEqual(builds.map(secret));
    const to = await receiver(from);
    expect(importInto(to).builds).toEqual(builds);
    expect(checkRecord(to.world, { buildDir }).damaged).toEqual([]);
    const theirs = buildTags(from, 'history');
    expect([...buildTags(to, 'imports/ann')]).toEqual(
      builds.map((n) => [`refs/tags/${n}`, theirs.get(`refs/tags/${n}`)]),
    );
  }
});

test('what was exported of one build is read as where it was made, and what was not is told', async () => {
  const from = await fiveBuilds();
  exportHistory(from.world, { buildDir, revs: ['@2', '@5'], file });
  const to = await receiver(from);
  importInto(to);
  const known = (builds: readonly number[]): readonly number[] => builds.filter((n) => n === 2 || n === 5);
  for (const recipe of ['app', 'lib'])
    expect(logRevision(to.world, { ...chain, rev: `${recipe}@ann@5` }, () => {})).toEqual(
      logRevision(from.world, { ...chain, rev: `${recipe}@5` }, () => {}).map((row) => ({
        ...row,
        builds: known(row.builds),
      })),
    );
  expect(
    diffRevisions(to.world, { buildDir, revs: ['app@ann@2:compile', 'app@ann@5:compile'], paths: [] }).files,
  ).toEqual(
    diffRevisions(from.world, { buildDir, revs: ['app@2:compile', 'app@5:compile'], paths: [] }).files,
  );
  expect(await to.why('@ann@2', '@ann@5')).toMatchObject({
    causes: [{ kind: 'function', name: 'do_compile', from: '\techo 2\n', to: '\techo 5\n' }],
  });
  expect(() => showRevision(to.world, { buildDir, rev: '@ann@4' })).toThrow(
    expect.objectContaining({
      message: 'build 4 is not in what was imported as ann',
      hints: ['there are: @ann@2, @ann@5'],
    }),
  );
  exportHistory(from.world, { buildDir, revs: ['app@2:compile'], file });
  const other = await receiver(from);
  importInto(other);
  expect(() => logRevision(other.world, { ...chain, rev: 'lib@ann@2', across: true }, () => {})).toThrow(
    'the artifact of lib is no longer here',
  );
  expect(() => logRevision(other.world, { ...chain, rev: 'lib@ann@2' }, () => {})).toThrow(
    'what the tasks of lib did in build 2 is not in what was imported as ann',
  );
});

test('of a build that was exported alone nothing is said of the one before', async () => {
  const from = await fiveBuilds();
  exportHistory(from.world, { buildDir, revs: ['@5'], file });
  const to = await receiver(from);
  importInto(to);
  const view = { world: to.world, paint: createPaint(false), verbose: false, quiet: false };
  const shown = formatShown(showRevision(to.world, { buildDir, rev: '@ann@5' }), view);
  expect(shown).toMatch(/\nrecipes; no build before it is here\n  app\n  lib\n$/);
  expect(formatExplanation(await to.why('@ann@5'), view)).toMatch(
    /^build 5 of ann is the first one here: [^;]*\n$/,
  );
  expect(formatExplanation(await to.why('app@ann@5:compile'), view)).toBe(
    'app:do_compile ran in build 5 of ann: its inputs had changed since a build that is not here\n',
  );
});

test('an import whose list of builds without parents is lost is damaged', async () => {
  const from = await fiveBuilds();
  exportHistory(from.world, { buildDir, revs: ['@5'], file });
  const to = await receiver(from);
  const { dir } = importInto(to);
  to.world.fs.rmSync(`${dir}/builds.git/shallow`);
  expect(checkRecord(to.world, { buildDir }).damaged).toMatchObject([
    {
      what: expect.stringMatching(/^object \w{12} is missing; 5 needs it/),
      hints: [expect.stringMatching(/^rm -r /)],
    },
  ]);
});

test('a file is refused that lacks the parent of a build, or lists what is no build of it', async () => {
  const from = await fiveBuilds();
  exportHistory(from.world, { buildDir, revs: ['@5'], file });
  const to = await receiver(from);
  const whole = members(to);
  const list = 'builds/shallow';
  const withList = (more: string): Pieces =>
    whole.map(([name, bytes]) => [name, name === list ? Buffer.concat([bytes, Buffer.from(more)]) : bytes]);
  expect(
    refusal(
      to,
      whole.filter(([name]) => name !== list),
    ),
  ).toContain('object # needs commit #, which does not');
  expect(refusal(to, withList(`${'a'.repeat(40)}\n`))).toContain(
    'it tells of build #, which it does not hold',
  );
  expect(refusal(to, withList('../../HEAD\n'))).toContain('it tells of build "../../HEAD", which is no id');
  const elsewhere = whole.map(
    ([name, bytes]) => [name === list ? 'x86_64/app/shallow' : name, bytes] as const,
  );
  expect(refusal(to, elsewhere)).toContain('it holds "x86_64/app/shallow", which no export writes');
});

test('git reads an imported build, has nothing against it, and finds no other', { timeout: 300_000 }, () => {
  const app = (compile: string): string => plainRecipe({ do_compile: compile });
  const ann = makeWorkspace({ files: { 'recipes/app_1.bb': app('true') } });
  for (const n of [1, 2, 3]) {
    ann.write('recipes/app_1.bb', app(`echo ${n}`));
    ann.write('../build/conf/local.conf', `TOKEN = "${secret(n)}"\n`);
    expect(ann.varve('build', 'app').status).toBe(0);
  }
  const exported = ann.varve('history', 'export', '@1', '@3', '../ann.varve');
  expect(exported.stdout).toMatch(
    /^\.\.\/ann\.varve: app, with the configuration of builds 1, 3, \d+ objects/,
  );
  expect(ann.varve('history', 'import', '../ann.varve').stdout).toContain('app, builds 1, 3\n');
  const git = (...args: string[]): string => {
    const gitDir = ann.path('imports/ann/builds.git');
    const ran = spawnSync('git', ['--git-dir', gitDir, ...args], { encoding: 'utf8' });
    expect([args, ran.status]).toEqual([args, 0]);
    return ran.stdout + ran.stderr.replace(/^notice: .*\n/gm, '');
  };
  expect(git('fsck', '--strict', '--no-progress')).toBe('');
  expect(git('log', '--format=%s', '3', '1')).toBe('build 3: app\nbuild 1: app\n');
  const all = git('cat-file', '--batch-all-objects', '--batch');
  expect(secrets.filter((each) => all.includes(each))).toEqual([secret(1), secret(3)]);
  expect(ann.varve('fsck').status).toBe(0);
});
