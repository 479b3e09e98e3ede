/** One's own builds beside imported ones, and the names of both. */
import { expect, test } from 'vitest';
import { bisectBuilds } from '../../lib/operations/bisect/bisect-builds.ts';
import { bisectInputs } from '../../lib/operations/bisect/bisect-inputs.ts';
import { diffRevisions } from '../../lib/operations/diff-revisions.ts';
import { exportHistory } from '../../lib/operations/export-history.ts';
import { importHistory } from '../../lib/operations/import-history.ts';
import { logRevision } from '../../lib/operations/log-revision.ts';
import { showRevision } from '../../lib/operations/show-revision.ts';
import { formatExplanation } from '../../lib/reporting/format-explanation.ts';
import { createPaint } from '../../lib/reporting/paint.ts';
import { VarveError } from '../../lib/terms/varve-error.ts';
import { chain, file, files, importInto, receiver, recipe } from '../support/colleague.ts';
import { buildDir, memoryBuild } from '../support/memory-build.ts';

/** What a question is answered: the message of the refusal, and its hints. */
function refused(ask: () => unknown): string {
  try {
    ask();
  } catch (error) {
    if (!(error instanceof VarveError)) throw error;
    return [error.message, ...error.hints].join('\n');
  }
  throw new Error('it was answered');
}

const plain = { paint: createPaint(false), verbose: false, quiet: false };

test('theirs is compared with mine: builds, and why a task came out otherwise', async () => {
  const to = await receiver();
  importInto(to);
  to.write('recipes/lib_1.bb', `# Every line stands in another place here.\n${recipe('echo lib')}`);
  await to.build('app');
  const view = { ...plain, world: to.world };
  const diff = diffRevisions(to.world, { buildDir, revs: ['@1', '@ann@1'], paths: [] });
  expect([diff.from.rev, diff.to.rev]).toEqual(['@1', '@ann@1']);
  // lib is the same work in both, whatever places the two records tell of.
  expect(diff.recipes).toEqual([
    { recipe: 'app', status: 'M', artifact: false, note: 'it has no artifact in build 1 of ann' },
  ]);
  const why = await to.why('app@1:compile', 'app@ann@1:compile');
  const cause = {
    kind: 'function',
    name: 'do_compile',
    from: '\techo app\n',
    to: '\texit 1\n',
    task: 'app:do_compile',
  };
  expect(why).toMatchObject({ from: 1, to: 1, toImport: 'ann', causes: [cause] });
  expect(formatExplanation(why, view)).toContain(
    'app:do_compile ran in build 1 of ann and failed: its inputs are not those of build 1\n',
  );
  const back = formatExplanation(await to.why('@ann@1', '@1'), view);
  expect(back).toMatch(
    /function do_compile: "exit 1" → "echo app" .*\nbuild 1, compared with build 1 of ann: /,
  );
  expect(back).not.toContain('task');
  expect(formatExplanation(await to.why('lib@ann@1:compile', 'lib@1:compile'), view)).toBe(
    'lib:do_compile: nothing that it depends on differs between build 1 of ann and build 1\n',
  );
});

test('two imports are compared; what one of them alone reached is no change', async () => {
  const to = await receiver();
  importInto(to);
  const bob = memoryBuild({ files: files('echo bob') });
  await bob.build('lib');
  await bob.build('app');
  exportHistory(bob.world, { buildDir, revs: ['@1', '@2'], file });
  to.world.fs.writeFileSync(file, bob.world.fs.readFileSync(file));
  importHistory(to.world, { buildDir, file, name: 'bob' });
  expect(await to.why('@bob@2', '@ann@1')).toMatchObject({
    fromImport: 'bob',
    toImport: 'ann',
    causes: [{ kind: 'function', name: 'do_compile', from: '\techo bob\n', to: '\texit 1\n' }],
  });
  expect(diffRevisions(to.world, { buildDir, revs: ['@bob@1', '@ann@1'], paths: [] }).recipes).toEqual([
    { recipe: 'app', status: 'A', artifact: false, note: 'it has no artifact in build 1 of ann' },
  ]);
  const { appeared = [], ...rest } = await to.why('@bob@1', '@ann@1');
  expect(appeared).toEqual(['app']);
  expect(formatExplanation({ ...rest, appeared }, { ...plain, world: to.world })).toContain(
    '; only in build 1 of ann: app',
  );
});

test('a name is that of one’s own build or of an import, never of both', async () => {
  const to = await receiver();
  await to.build('lib', { name: 'ann' });
  expect(refused(() => importInto(to))).toBe(
    "build 1 is called 'ann' already: @ann is that build\n--as ann-2   takes this one in beside it",
  );
  importHistory(to.world, { buildDir, file, name: 'bob' });
  await expect(to.build('lib', { name: 'bob' })).rejects.toThrow(
    "an import is called 'bob' already: @bob@1 is a build of it",
  );
  await expect(to.build('app', { name: 'bob' })).rejects.toThrow("an import is called 'bob' already");
  expect(refused(() => importHistory(to.world, { buildDir, file, name: 'ok' }))).toContain(
    "'ok' cannot be the name of an import",
  );
});

test('the name of an import where that of a build or a recipe belongs is told with the form that is meant', async () => {
  const to = await receiver();
  importInto(to);
  const show = (rev: string) => () => showRevision(to.world, { buildDir, rev });
  expect(refused(show('@ann'))).toContain('@ann@1 is a build of it');
  expect(refused(show('app@ann:compile'))).toContain('RECIPE@ann:TASK@failed');
  expect(refused(show('ann@1'))).toContain('@ann@1 is a build of it');
  expect(show('app@ann@1:compile')()).toMatchObject({ task: 'app:do_compile', ok: false });
  expect(refused(show('app@ann@1:install'))).toContain('varve show app@ann:do_compile@failed');
  // Edits are those of no build.
  expect(refused(show('app@3:edited'))).toContain('did you mean "app:edited"?');
  expect(refused(() => logRevision(to.world, { ...chain, rev: '@ann@1' }, () => {}))).toContain(
    'varve show @ann@1',
  );
});

test('a hint that names a build of an import names one that is in it', async () => {
  const to = await receiver();
  const bob = memoryBuild({ files: files('echo bob') });
  for (let n = 1; n <= 3; n += 1) await bob.build('lib');
  exportHistory(bob.world, { buildDir, revs: ['@3'], file });
  to.world.fs.writeFileSync(file, bob.world.fs.readFileSync(file));
  importHistory(to.world, { buildDir, file, name: 'bob' });
  for (const rev of ['@bob', 'bob@1'])
    expect(refused(() => showRevision(to.world, { buildDir, rev }))).toContain('@bob@3 is a build of it');
});

test('of a build without an artifact the hint names the task that failed', async () => {
  const theirs = memoryBuild({ files: files('exit 1') });
  await theirs.build('app');
  const ask = (): unknown => exportHistory(theirs.world, { buildDir, revs: ['app'], file });
  expect(refused(ask)).toContain('varve show app:do_compile@failed\n');
  theirs.write('recipes/app_1.bb', recipe('echo again\n\texit 1'));
  await theirs.build('app');
  const show = (rev: string) => showRevision(theirs.world, { buildDir, rev });
  expect(show('app@1:compile')).toMatchObject({ ok: false, builds: [1] });
  expect(show('app@2:compile')).toMatchObject({ ok: false, builds: [2] });
  expect(refused(() => show('app@1:install'))).toContain('varve show app@1:do_compile ');
});

test('a search has its ends in one record, and nothing of an import is run', async () => {
  const to = await receiver();
  importInto(to);
  await to.build('app');
  const request = { buildDir, rev: 'app:compile', good: '1', bad: 'ann@1', command: ['true'], again: false };
  const why = 'varve why app@1:do_compile app@ann@1:do_compile';
  await expect(bisectBuilds(to.world, request, () => {})).rejects.toMatchObject({
    message: expect.stringContaining('@1 and @ann@1 are not of one record'),
    hints: expect.arrayContaining([expect.stringContaining(why)]),
  });
  await expect(bisectInputs(to.world, request, () => {})).rejects.toMatchObject({
    message: expect.stringContaining('nothing of an import is ever run'),
    hints: expect.arrayContaining([expect.stringContaining(why)]),
  });
});
