/** Directories of packages that apt installs from. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { testWith } from '../support/needs.ts';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

const feedTest = testWith({ programs: ['fakeroot', 'dpkg', 'apt-get'] });

/** Of the machine itself: what is for all machines counts for dpkg as for that one. */
const machine = os.machine();

const program = (name: string): string =>
  `install -d \${D}\${bindir}\necho ${name} > \${D}\${bindir}/${name}`;

function feeds(): Workspace {
  return makeWorkspace({
    files: {
      'recipes/app_1.bb': plainRecipe({ do_install: program('app') }, 'RDEPENDS:${PN} = "lib (>= 1) data"'),
      'recipes/lib_1.bb': plainRecipe({ do_install: program('lib') }),
      'recipes/data_1.bb': plainRecipe({ do_install: program('data') }, 'inherit allarch'),
    },
    local: 'PACKAGE_CLASSES = "package_deb"\n',
  });
}

/** apt for a root of its own, which knows the feeds and nothing else. */
function aptFor(w: Workspace): { readonly root: string; readonly apt: (words: string) => string } {
  const root = join(w.top, 'root');
  for (const dir of [
    'etc/apt',
    'var/lib/dpkg/updates',
    'var/lib/apt/lists',
    'var/cache/apt/archives',
    'var/log',
  ])
    mkdirSync(join(root, dir), { recursive: true });
  writeFileSync(join(root, 'var/lib/dpkg/status'), '');
  const sources = [machine, 'all'].map(
    (arch) => `deb [trusted=yes] file:${w.path('tmp/deploy/deb', arch)} ./\n`,
  );
  writeFileSync(join(root, 'sources.list'), sources.join(''));
  writeFileSync(
    join(root, 'apt.conf'),
    `Dir "${root}"; Dir::State::status "${root}/var/lib/dpkg/status"; Dir::Etc::sourcelist "${root}/sources.list";
Dir::Etc::sourceparts "/dev/null"; Dir::Bin::methods "/usr/lib/apt/methods";
APT::Sandbox::User "root";
DPkg::Options { "--root=${root}"; "--force-not-root"; "--force-bad-path"; "--log=${root}/log"; };`,
  );
  const apt = (words: string): string => {
    const ran = spawnSync('fakeroot', ['apt-get', '-y', ...words.split(' ')], {
      env: { PATH: process.env['PATH'], APT_CONFIG: join(root, 'apt.conf'), LC_ALL: 'C.UTF-8' },
      encoding: 'utf8',
    });
    expect(ran.status, ran.stdout + ran.stderr).toBe(0);
    return ran.stdout;
  };
  return { root, apt };
}

feedTest('apt installs from the feeds with what is needed, and brings what is newer', () => {
  const w = feeds();
  expect(w.counts('app')).toMatchObject({ failed: 0 });
  const { root, apt } = aptFor(w);
  apt('update');
  apt('install app');
  expect(readdirSync(join(root, 'usr/bin')).sort()).toEqual(['app', 'data', 'lib']);
  w.write('recipes/lib_1.bb', plainRecipe({ do_install: program('newer') }, 'PR = "r1"'));
  expect(w.counts('app')).toMatchObject({ failed: 0 });
  apt('update');
  expect(apt('upgrade')).toContain('lib (1-r1)');
  expect(readdirSync(join(root, 'usr/bin')).sort()).toEqual(['app', 'data', 'newer']);
});

feedTest('an index names what is there, and comes back byte for byte without anything being run', () => {
  const w = feeds();
  expect(w.counts('app')).toMatchObject({ failed: 0 });
  const names = (): readonly string[] =>
    [...w.read('tmp/deploy/deb', machine, 'Packages').matchAll(/^Package: (.*)$/gm)].map(
      ([, name = '']) => name,
    );
  const texts = (): readonly string[] =>
    [machine, 'all'].flatMap((arch) =>
      ['Packages', 'Release'].map((name) => w.read('tmp/deploy/deb', arch, name)),
    );
  expect(names()).toEqual(['app', 'app-dev', 'lib', 'lib-dev']);
  const before = texts();
  rmSync(w.path('tmp'), { recursive: true });
  expect(w.counts('app')).toMatchObject({ run: 0, failed: 0 });
  expect(texts()).toEqual(before);
  // Nobody has changed it, and nobody writes it anew.
  expect(w.varve('build', 'data').said).not.toContain('tmp/deploy: files written');
  w.write('recipes/app_1.bb', plainRecipe({ do_install: program('app') }));
  rmSync(join(w.layer, 'recipes/lib_1.bb'));
  // Nothing is to be installed anew: `why` of the recipe is about what is made of it.
  const why = (): string => w.varve('why', 'app').stdout;
  const cause = /^variable RDEPENDS:app: no longer "lib .*/.source;
  expect(why()).toMatch(new RegExp(`${cause}app:do_package_write_deb would run: its inputs changed`, 's'));
  expect(w.counts('app')).toMatchObject({ failed: 0 });
  expect(why()).toMatch(new RegExp(`${cause}app:do_package_write_deb ran in build 4: its inputs`, 's'));
  expect(names()).toEqual(['app', 'app-dev']);
  const index = (): string => w.read('tmp/deploy/deb/all/Packages');
  expect(index()).toContain('Package: data\n');
  expect(w.varve('clean', 'app').status).toBe(0);
  expect(w.exists('tmp/deploy/deb', machine, 'Packages')).toBe(false);
  expect(index()).toContain('Package: data\n');
});
