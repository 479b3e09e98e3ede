import { existsSync, lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fetchSources } from '../../lib/sources/fetch-sources.ts';
import { unpackSources } from '../../lib/sources/unpack-sources.ts';
import {
  failureOf,
  makeContext,
  makeDirectory,
  put,
  realWorld,
  tool,
  type TestContext,
} from './make-context.ts';

/** A repository with two commits on main and one on side. */
function makeRepository(): {
  readonly path: string;
  readonly first: string;
  readonly second: string;
  readonly side: string;
} {
  const path = join(makeDirectory(), 'upstream');
  put(join(path, 'sub/run.sh'), 'echo\n', 0o755);
  tool(path, 'git', 'init', '-q', '-b', 'main');
  const commit = (): string => {
    tool(path, 'git', 'add', '-A');
    tool(path, 'git', 'commit', '-q', '-m', 'x');
    return tool(path, 'git', 'rev-parse', 'HEAD').trim();
  };
  const first = commit();
  put(join(path, 'a.txt'), 'second\n');
  const second = commit();
  tool(path, 'git', 'tag', 'v2');
  tool(path, 'git', 'checkout', '-q', '-b', 'side', first);
  put(join(path, 'side.txt'), 'side\n');
  const side = commit();
  tool(path, 'git', 'checkout', '-q', 'main');
  return { path, first, second, side };
}

function contextOf(path: string, revision: string, parameters = ';branch=main'): TestContext {
  return makeContext(`git://${path};protocol=file${parameters}`, { srcrev: () => revision });
}

test('the revision is checked out without .git, with the time of its commit', async () => {
  const { path, second } = makeRepository();
  const context = contextOf(path, second);
  await fetchSources(context);
  unpackSources(context);
  const dir = join(context.unpackDir, 'git');
  expect(readdirSync(dir).toSorted()).toEqual(['a.txt', 'sub']);
  expect(readFileSync(join(dir, 'a.txt'), 'utf8')).toBe('second\n');
  expect(lstatSync(join(dir, 'sub/run.sh')).mode & 0o777).toBe(0o755);
  expect(lstatSync(join(dir, 'a.txt')).mtimeMs).toBe(1_700_000_000_000);
  expect(readdirSync(context.workdir)).toEqual(['sources']);
});

test('destsuffix, subdir and subpath say where the checkout goes and what of it', async () => {
  const { path, second } = makeRepository();
  const entries = [';destsuffix=a/b', ';subdir=c', ';subpath=sub', ''];
  const srcUri = entries.map((entry) => `git://${path};protocol=file;branch=main${entry}`).join(' ');
  const context = makeContext(srcUri, { srcrev: () => second, gitDestSuffix: 'thing-1.0' });
  await fetchSources(context);
  unpackSources(context);
  for (const file of ['a/b/a.txt', 'c/a.txt', 'sub/run.sh', 'thing-1.0/a.txt']) {
    expect([file, existsSync(join(context.unpackDir, file))]).toEqual([file, true]);
  }
});

test('lines that stand for content in Git LFS are no source, unless they are asked for', async () => {
  const { path } = makeRepository();
  put(join(path, '.gitattributes'), '*.bin filter=lfs diff=lfs merge=lfs -text\n');
  put(join(path, 'sub/real.bin'), 'committed before it was tracked\n');
  put(join(path, 'sub/a.bin'), 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n');
  tool(path, 'git', 'add', '-A');
  tool(path, 'git', 'commit', '-q', '-m', 'large');
  const revision = tool(path, 'git', 'rev-parse', 'HEAD').trim();
  const context = contextOf(path, revision);
  await fetchSources(context);
  const error = await failureOf(() => unpackSources(context));
  expect(error.message).toBe(
    `thing: the content of sub/a.bin of "${context.srcUri}" is in Git LFS, from which varve does not fetch`,
  );
  expect(error.hints).toEqual(['Add ;lfs=0 to take the lines that stand for it in the repository.']);
  const asked = { ...context, srcUri: `${context.srcUri};lfs=0` };
  unpackSources(asked);
  expect(existsSync(join(asked.unpackDir, 'git/sub/a.bin'))).toBe(true);
});

test('a revision that is in the mirror needs no repository any more', async () => {
  const { path, first, second } = makeRepository();
  const context = contextOf(path, second);
  await fetchSources(context);
  rmSync(path, { recursive: true });
  await fetchSources({ ...context, offline: true, srcrev: () => first });
  const error = await failureOf(() =>
    fetchSources({ ...context, offline: true, srcrev: () => '0'.repeat(40) }),
  );
  expect(error.message).toMatch(/^thing: revision 0{40} of "git:.*" is not in .*, and the build is offline$/);
});

test('a commit that comes later is fetched into the same mirror', async () => {
  const { path, second } = makeRepository();
  const context = contextOf(path, second);
  await fetchSources(context);
  put(join(path, 'new.txt'), '');
  tool(path, 'git', 'add', '-A');
  tool(path, 'git', 'commit', '-q', '-m', 'new');
  const newest = tool(path, 'git', 'rev-parse', 'HEAD').trim();
  await fetchSources({ ...context, srcrev: () => newest });
  expect(readdirSync(join(context.downloadDir, 'git2'))).toHaveLength(1);
});

test('a revision on another branch is refused, unless no branch is asked for', async () => {
  const { path, side } = makeRepository();
  const error = await failureOf(() => fetchSources(contextOf(path, side)));
  expect(error.message).toBe(
    `thing: commit ${side} of "git://${path};protocol=file;branch=main" is not on branch main`,
  );
  const free = contextOf(path, side, ';nobranch=1');
  await fetchSources(free);
  unpackSources(free);
  expect(existsSync(join(free.unpackDir, 'git/side.txt'))).toBe(true);
});

test('a tag must be at the revision', async () => {
  const { path, first, second } = makeRepository();
  await fetchSources(contextOf(path, second, ';branch=main;tag=v2'));
  const error = await failureOf(() => fetchSources(contextOf(path, first, ';branch=main;tag=v2')));
  expect(error.message).toMatch(/^thing: the tag v2 of ".*" is not at commit /);
});

test('a commit that is nowhere, and a repository that is not there, are told', async () => {
  const { path } = makeRepository();
  const missing = await failureOf(() => fetchSources(contextOf(path, '1'.repeat(40))));
  expect(missing.message).toBe(
    `thing: the repository of "git://${path};protocol=file;branch=main" has no commit ${'1'.repeat(40)}`,
  );
  const nowhere = await failureOf(() => fetchSources(contextOf('/nowhere/at/all', '1'.repeat(40))));
  expect(nowhere.message).toBe(
    'thing: git fetch failed for "git:///nowhere/at/all;protocol=file;branch=main": ' +
      "'/nowhere/at/all' does not appear to be a git repository",
  );
});

test('AUTOREV is refused with the line to write, which the repository was asked for', async () => {
  const { path, first, second, side } = makeRepository();
  tool(path, 'git', 'tag', '-a', '-m', 'one', 'v1', first);
  const asked = async (parameters: string): Promise<readonly string[]> => {
    const context = {
      ...contextOf(path, 'AUTOINC', parameters),
      valuePlace: () => ({ file: 'a.bb', line: 7 }),
    };
    const { message, place, hints } = await failureOf(() => fetchSources(context));
    return [message, `${place?.file}:${place?.line}`, ...hints];
  };
  expect(await asked(';branch=main')).toEqual([
    'thing: SRCREV is AUTOREV, the newest commit of the day, and varve builds from named commits only',
    'a.bb:7',
    `put into the recipe: SRCREV = "${second}"   (refs/heads/main is there now)`,
    `git ls-remote file://${path} refs/heads/main`,
  ]);
  expect((await asked(';branch=side;name=x'))[2]).toBe(
    `put into the recipe: SRCREV_x = "${side}"   (refs/heads/side is there now)`,
  );
  for (const [tag, commit] of [
    ['v1', first],
    ['v2', second],
  ]) {
    expect((await asked(`;branch=main;tag=${tag}`))[2]).toBe(
      `put into the recipe: SRCREV = "${commit}"   (refs/tags/${tag} is there now)`,
    );
  }
});

test('for a short id the line to write has the commit that it is of, and no other', async () => {
  const { path, first } = makeRepository();
  const hintsOf = async (revision: string, directory = path): Promise<readonly string[]> =>
    (await failureOf(() => fetchSources(contextOf(directory, revision, ';branch=main')))).hints;
  expect(await hintsOf(first.slice(0, 8))).toEqual([`put into the recipe: SRCREV = "${first}"`]);
  for (const unknown of [await hintsOf('12345678'), await hintsOf(first.slice(0, 8), '/nowhere/at/all')]) {
    expect(unknown).toEqual([
      'Set SRCREV to the full id of a commit, so that the same recipe always builds the same source.',
    ]);
  }
});

test('offline no repository is asked for what SRCREV should be', async () => {
  const { path } = makeRepository();
  const error = await failureOf(() => fetchSources({ ...contextOf(path, 'AUTOINC'), offline: true }));
  expect(error.hints).toEqual([
    'Set SRCREV to the full id of a commit, so that the same recipe always builds the same source.',
    `git ls-remote file://${path} refs/heads/main`,
  ]);
});

test('of the settings of whoever builds one counts: that they trust a repository of another user', async () => {
  const { path, second } = makeRepository();
  const home = makeDirectory();
  const git = tool(home, 'sh', '-c', 'command -v git').trim();
  // As git's own tests have it.
  put(join(home, 'bin/git'), `#!/bin/sh\nGIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec ${git} "$@"\n`, 0o755);
  const PATH = `${join(home, 'bin')}:${process.env['PATH']}`;
  const world = { ...realWorld, env: { ...process.env, PATH, HOME: home } };
  const context = { ...contextOf(path, second), world };
  const refused = await failureOf(() => fetchSources(context));
  expect(refused.hints).toEqual([
    `${path}/.git belongs to another user, and git does not take from it what it has not been told to trust`,
    `git config --global --add safe.directory ${path}/.git   tells it`,
  ]);
  put(
    join(home, '.gitconfig'),
    `[safe]\n\tdirectory = ${path}/.git\n[url "/nowhere"]\n\tinsteadOf = file:\n`,
  );
  await fetchSources(context);
  unpackSources(context);
  expect(existsSync(join(context.unpackDir, 'git/a.txt'))).toBe(true);
  const asked = await failureOf(() => fetchSources({ ...context, srcrev: () => 'AUTOINC' }));
  expect(asked.hints[0]).toContain(`SRCREV = "${second}"`);
});
