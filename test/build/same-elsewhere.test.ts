/** The same work in other surroundings: every commit has the same id. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { testWith } from '../support/needs.ts';

interface Surroundings {
  /** Below a temporary directory. */
  readonly place: string;
  readonly umask: string;
  readonly env: Readonly<Record<string, string>>;
  readonly jobs: string;
  /** What is built, in the order in which it is asked for. */
  readonly targets: readonly string[];
  /** Another user, where root runs the tests. */
  readonly user?: number;
  /** What runs the program: a clock that is set otherwise. */
  readonly through?: readonly string[];
}

/** Builds all of fixtures/quickstart; answers every name of its histories with the commit that it stands at. */
function namesAfterBuild({
  place,
  umask,
  env,
  jobs,
  targets,
  user,
  through = [],
}: Surroundings): readonly string[] {
  const top = mkdtempSync(join(tmpdir(), 'varve-test-'));
  onTestFinished(() => rmSync(top, { recursive: true, force: true }));
  const buildDir = join(top, place);
  const layer = join(top, 'layer');
  mkdirSync(join(buildDir, '..'), { recursive: true });
  cpSync('fixtures/quickstart/meta-quickstart', layer, { recursive: true });
  const isRoot = process.getuid?.() === 0;
  if (isRoot && user !== undefined) execFileSync('chown', ['-R', `${user}:${user}`, top]);
  const program = [process.execPath, resolve('dist/bin/varve.js'), '-B', buildDir];
  const init = [...program.slice(0, 2), 'init', buildDir, '--layer', layer];
  const build = [...through, ...program, 'build', '-j', jobs, ...targets];
  const quoted = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(' ');
  const script = `umask ${umask} && ${quoted(init)} && ${quoted(build)}`;
  const ran = spawnSync('sh', ['-c', script], {
    cwd: top,
    // Where tests run as root, its own directories hold tools that another user does not see.
    env: { PATH: '/usr/bin:/bin', XDG_CACHE_HOME: join(top, 'cache'), ...env },
    encoding: 'utf8',
    ...(isRoot && user !== undefined && { uid: user, gid: user }),
  });
  expect({ status: ran.status, said: ran.status === 0 ? '' : ran.stdout + ran.stderr }).toEqual({
    status: 0,
    said: '',
  });
  return names(join(buildDir, 'history'));
}

function names(historyDir: string): readonly string[] {
  const histories = readdirSync(historyDir, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /^[^/]+\/[^/]+\.git$/.test(path),
  );
  return histories.toSorted().flatMap((history) => {
    const gitDir = join(historyDir, history);
    const refs = [
      '-c',
      'safe.directory=*',
      '--git-dir',
      gitDir,
      'for-each-ref',
      '--format=%(refname) %(objectname)',
    ];
    return execFileSync('git', [...refs, 'refs/tags', 'refs/artifacts', 'refs/varve'], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map((line) => `${history} ${line}`);
  });
}

testWith({ programs: ['faketime'] })(
  'another path, user, umask, locale, clock, order and number of jobs give the same commit ids',
  () => {
    const one = namesAfterBuild({
      place: 'b',
      umask: '022',
      env: { LC_ALL: 'C', HOME: '/nonexistent', USER: 'ada', TZ: 'UTC' },
      jobs: '1',
      targets: ['quickstart-image', 'greeter', 'libgreet'],
    });
    const other = namesAfterBuild({
      place: `elsewhere/${'deep/'.repeat(8)}build-directory`,
      umask: '077',
      env: {
        LC_ALL: 'C.UTF-8',
        LANG: 'de_DE.UTF-8',
        HOME: '/tmp',
        USER: 'nobody',
        TZ: 'Asia/Tokyo',
        CFLAGS: '-O3',
      },
      jobs: '4',
      targets: ['libgreet', 'greeter', 'quickstart-image'],
      user: 65534,
      through: ['faketime', '2031-05-06 07:08:09'],
    });
    expect(one.length).toBeGreaterThan(50);
    expect(other).toEqual(one);
  },
);
