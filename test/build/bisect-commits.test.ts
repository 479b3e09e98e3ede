/** `bisect --over commits` with the real program, over layers and sources in git. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { testWith } from '../support/needs.ts';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

const minutes = { timeout: 600_000 };
const test = testWith({ programs: ['git'] });

/** A git of nobody's settings. */
function git(dir: string, ...args: string[]): string {
  const who = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', '-c', 'init.defaultBranch=main'];
  return execFileSync('git', ['-C', dir, ...who, ...args], { encoding: 'utf8' }).trim();
}

function commit(dir: string, subject: string): string {
  git(dir, 'add', '-A');
  git(dir, 'commit', '-q', '--allow-empty', '-m', subject);
  return git(dir, 'rev-parse', 'HEAD');
}

const app = (level: number, further = ''): string =>
  plainRecipe(
    { do_install: 'install -d ${D}/usr; echo ${LEVEL} > ${D}/usr/level' },
    `DEPENDS = "lib"\nLEVEL = "${level}"\n${further}`,
  );

/** A workspace whose layer is in git. */
function layerInGit(): Workspace {
  const w = makeWorkspace({
    files: {
      'recipes/lib_1.bb': plainRecipe({ do_install: 'install -d ${D}/usr; echo 1 > ${D}/usr/lib' }),
      'recipes/app_1.bb': app(0),
    },
  });
  git(w.layer, 'init', '-q');
  return w;
}

interface Found {
  readonly firstBad: { readonly commit: string };
  readonly builds: number;
  readonly predicateRuns: number;
}

const search = (w: Workspace, ...args: string[]) =>
  w.varve(
    'bisect',
    'app',
    '--over',
    'commits',
    '--json',
    ...args,
    '--',
    'sh',
    '-c',
    'test $(cat usr/level) -lt 8',
  );

function found(w: Workspace, ...args: string[]): Found {
  const ran = search(w, ...args);
  expect(ran).toMatchObject({ status: 0 });
  return JSON.parse(ran.stdout) as Found;
}

/** All that a repository and its checkout are. */
const filesOf = (dir: string): readonly string[] =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' }).toSorted();

test('the commit of a layer is found in as many builds as its different results need', minutes, () => {
  const w = layerInGit();
  const ids = Array.from({ length: 200 }, (_, i) => {
    // Twelve levels; what is written between does not count.
    w.write('recipes/app_1.bb', app(Math.floor((i * 12) / 200), `# ${i}\n`));
    return commit(w.layer, `change ${i}`);
  });
  const before = filesOf(w.layer);
  const first = found(w, '--good', 'HEAD~199', '--bad', 'HEAD');
  const expected = Math.ceil((8 * 200) / 12);
  expect(first).toMatchObject({
    over: 'commits',
    repository: w.layer,
    firstBad: { commit: ids[expected], subject: `change ${expected}`, author: 'Ann <ann@example.org>' },
    lastGood: { commit: ids[expected - 1] },
    unjudged: [],
    inputs: [
      { kind: 'variable', name: 'LEVEL', from: '7', to: '8', at: join(w.layer, 'recipes/app_1.bb:5') },
    ],
    diff: { files: [{ path: 'usr/level', status: 'M' }] },
  });
  expect(first.builds).toBeLessThanOrEqual(6);
  // The user's own checkout and builds were not touched, and nothing is done twice, even without tmp.
  expect(filesOf(w.layer)).toEqual(before);
  expect([git(w.layer, 'status', '--porcelain'), w.varve('builds', '--json').stdout]).toEqual(['', '[]\n']);
  rmSync(w.path('tmp'), { recursive: true });
  expect(found(w, '--good', 'HEAD~199', '--bad', 'HEAD')).toMatchObject({
    firstBad: first.firstBad,
    builds: 0,
    predicateRuns: 0,
    tasksRun: 0,
  });
});

test(
  'ends may be builds; commits that make nothing are said, and others are told by their repository',
  minutes,
  () => {
    const w = layerInGit();
    commit(w.layer, 'good');
    expect(w.varve('build', '-q', 'app').status).toBe(0);
    w.write('recipes/app_1.bb', 'this is no recipe');
    const [broken, failing] = [commit(w.layer, 'broken'), 'false'];
    w.write('recipes/app_1.bb', `${app(9)}do_compile() {\n\t${failing}\n}\n`);
    const unbuildable = commit(w.layer, 'fails');
    w.write('recipes/app_1.bb', app(9));
    const bad = commit(w.layer, 'bad');
    expect(w.varve('build', '-q', 'app').status).toBe(0);
    const ran = search(w, '--good', '@1', '--bad', '@2');
    expect(ran.stderr).toContain(`passing over ${broken.slice(0, 12)}: `);
    const [, log = ''] = /\(fails\): skipped \(app:do_compile failed: (.*)\)$/m.exec(ran.stderr) ?? [];
    expect(ran.stderr).toContain(`commit ${unbuildable.slice(0, 12)} (fails): skipped (`);
    expect(w.read(log)).toContain('do_compile ended with exit code 1');
    expect(JSON.parse(ran.stdout)).toMatchObject({
      firstBad: { commit: bad },
      unjudged: [{ commit: broken }, { commit: unbuildable }],
      // Both ends were built before: they come from the artifacts.
      builds: 1,
    });
    const repeated = search(w, '--good', '@1', '--bad', '@2');
    expect(repeated.stderr).toContain(
      '(fails): skipped (app:do_compile failed when it was built before; --again builds it anew)',
    );
    expect(JSON.parse(repeated.stdout)).toMatchObject({ firstBad: { commit: bad }, builds: 0, tasksRun: 0 });
    expect(found(w, '--good', '@1', '--bad', '@2', '--again')).toMatchObject({ builds: 1 });
    // Of a colleague's build the commit counts, which one's own layer must have.
    expect(w.varve('history', 'export', '@2', '../ann.varve').status).toBe(0);
    expect(w.varve('history', 'import', '../ann.varve').status).toBe(0);
    expect(found(w, '--good', '@1', '--bad', '@ann@2')).toMatchObject({ firstBad: { commit: bad } });

    expect(search(w, '--good', 'HEAD', '--bad', 'HEAD').stderr).toContain('at both ends');
    expect(search(w, '--good', 'HEAD', '--bad', 'HEAD~1').stderr).toContain('is not one that the bad one');
    expect(search(w, '--good', 'v9', '--bad', 'HEAD').stderr).toContain('has both v9 and HEAD');
    expect(search(w, '--good', 'HEAD~1', '--bad', 'HEAD', '--repo', 'tset').stderr).toContain(
      'no repository "tset" has both HEAD~1 and HEAD',
    );
    expect(search(w, '--good', 'HEAD~2', '--bad', 'HEAD').stderr).toMatch(
      /commit \w+ cannot be an end of the search: /,
    );
  },
);

test(
  'of a merge the commit that it brought in is found; the merge itself, where that is good alone',
  minutes,
  () => {
    const w = layerInGit();
    const levels = (own: number, other: number): void =>
      w.write(
        'recipes/app_1.bb',
        app(own, `OTHER = "${other}"\ndo_install:append() {\n\techo \${OTHER} > \${D}/usr/other\n}\n`),
      );
    levels(0, 0);
    const base = commit(w.layer, 'base');
    git(w.layer, 'checkout', '-q', '-b', 'topic');
    const topic = [3, 8, 9].map((level) => {
      levels(level, 0);
      return commit(w.layer, `topic ${level}`);
    });
    git(w.layer, 'checkout', '-q', '-');
    levels(0, 1);
    commit(w.layer, 'own');
    git(w.layer, 'merge', '-q', '--strategy', 'ours', '--no-commit', 'topic');
    levels(9, 1);
    const merge = commit(w.layer, 'merged');
    levels(9, 2);
    commit(w.layer, 'later');
    const ends = ['--good', base, '--bad', 'HEAD'];
    expect(found(w, ...ends)).toMatchObject({
      firstBad: { commit: topic[1] },
      lastGood: { commit: topic[0] },
      mergedBy: [{ commit: merge, subject: 'merged' }],
      inputs: [{ name: 'LEVEL', from: '3', to: '8' }],
    });
    const both = w.varve(
      'bisect',
      'app',
      '--over',
      'commits',
      ...ends,
      '--',
      'sh',
      '-c',
      'test $(cat usr/level)$(cat usr/other) -lt 91',
    );
    expect(both.stderr).toContain(
      'searching the 3 commits that it brought in, and the one before\n4 commits; app is made in 4 ways\n',
    );
    expect(both.stderr).toContain('these are good by themselves: it is the merge that makes it bad\n');
    expect(both.stdout).toContain(`commit ${merge.slice(0, 12)} is the first bad one`);
    expect(both.stdout).toContain(
      '\nthe merge itself changed recipes/app_1.bb: neither side has that, nor a plain merge\n',
    );
  },
);

test('a commit of a source is found by setting SRCREV', minutes, () => {
  const w = makeWorkspace();
  const source = join(w.top, 'level.git');
  mkdirSync(source);
  git(source, 'init', '-q');
  const ids = Array.from({ length: 12 }, (_, i) => {
    writeFileSync(join(source, 'level'), `${i}\n`);
    return commit(source, `level ${i}`);
  });
  git(source, 'tag', 'v1', ids[2] ?? '');
  w.write(
    'recipes/app_1.bb',
    plainRecipe(
      { do_install: 'install -D level ${D}/usr/level' },
      `SRC_URI = "git://${source};protocol=file;branch=main;destsuffix=level"\nSRCREV = "${ids[2]}"\nS = "\${UNPACKDIR}/level"\n`,
    ),
  );
  expect(w.varve('build', '-q', 'app').status).toBe(0);
  const first = found(w, '--good', 'v1', '--bad', 'main', '--repo', 'level.git');
  expect(first).toMatchObject({
    firstBad: { commit: ids[8], subject: 'level 8' },
    inputs: [{ kind: 'source', from: ids[7], to: ids[8] }],
  });
  expect(first.builds).toBeLessThanOrEqual(1 + Math.ceil(Math.log2(9)));
  expect(found(w, '--good', 'v1', '--bad', ids[11] ?? '')).toMatchObject({
    firstBad: first.firstBad,
    predicateRuns: 0,
    tasksRun: 0,
  });

  // A branch is where it is now, and not where it was when it was fetched.
  writeFileSync(join(source, 'level'), '1\n');
  const newest = commit(source, 'level 1 again');
  const mended = search(w, '--good', 'v1', '--bad', 'main');
  expect([mended.status, mended.stderr]).toEqual([2, expect.stringContaining(newest.slice(0, 12))]);
  renameSync(source, `${source}.away`);
  const unasked = search(w, '--good', 'v1', '--bad', 'main');
  expect([unasked.status, unasked.stderr]).toEqual([1, expect.stringContaining('instead of v1')]);
});
