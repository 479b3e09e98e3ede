import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type BlamedLine, blameFile } from '../../lib/operations/blame-file.ts';
import { createWorld } from '../../lib/world/world.ts';
import { goldenInputs } from '../support/golden-inputs.ts';
import { testWith } from '../support/needs.ts';
import { nginxTakesFiles, startNginx } from '../support/nginx.ts';
import { drawFiles, readSnapshots } from './check-claims.ts';
import { CHECKERS, checkForm } from './check-form.ts';
import {
  filesBelow,
  makeBuildDir,
  minutes,
  run,
  sources,
  sumsOf,
  tools,
  top,
  varve,
} from './real-workspace.ts';

const recipes = ['zlib', 'bzip2', 'expat', 'lua', 'onig', 'jq', 'real-image-open'];
const shipped = [...recipes, 'external-libc', 'real-root'];
const local = 'INHERIT += "archive-workdir create-spdx"\nPACKAGE_CLASSES = "package_rpm package_deb"\n';
const real = testWith({ programs: tools, files: sources });

const artifactId = (buildDir: string, recipe: string): string =>
  (JSON.parse(varve(buildDir, 'artifact', 'show', recipe, '--json')) as { id: string }).id;
const artifactIds = (buildDir: string): Record<string, string> =>
  Object.fromEntries(shipped.map((recipe) => [recipe, artifactId(buildDir, recipe)]));
const countsOf = (buildDir: string, ...args: string[]): Record<string, number> => {
  const last =
    varve(buildDir, 'build', '--json', ...args)
      .trim()
      .split('\n')
      .at(-1) ?? '{}';
  return (JSON.parse(last) as { counts: Record<string, number> }).counts;
};

function under(dir: string, name: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.split('/').at(-1) === name)
    .map((path) => join(dir, path));
}

function listing(tar: string): string[] {
  return run(['tar', '-tvf', tar, '--numeric-owner', '--quoting-style=escape'])
    .split('\n')
    .filter((line) => line !== '' && !line.endsWith(' ./'))
    .map((line) =>
      line.replace(
        /^(\S+)\s+\S+\s+(\d+)\s+\S+ \S+ (.*)$/,
        (_, mode: string, size: string, name: string) => `${mode} ${/^[dh]/.test(mode) ? '' : size} ${name}`,
      ),
    )
    .sort();
}

let built: string | undefined;
const theBuild = (): string => {
  if (built !== undefined) return built;
  const buildDir = makeBuildDir('build', local);
  varve(buildDir, 'build', '--offline', ...shipped);
  built = buildDir;
  return buildDir;
};

real(
  'upstream software builds, and its expectations and smoke commands hold',
  { timeout: 20 * minutes },
  () => {
    const arch = readdirSync(join(theBuild(), 'tmp/work')).find((name) =>
      existsSync(join(theBuild(), 'tmp/work', name, 'jq')),
    );
    const checked = run([
      process.execPath,
      'fixtures/real/check.mjs',
      join(theBuild(), 'tmp/work', arch ?? '', '{pn}/image'),
    ]);
    expect(checked).toMatch(/^\d+ passed, 0 failed$/m);
  },
);

real('the same inputs as ever enter its signatures', { timeout: 10 * minutes }, async () => {
  await expect(goldenInputs(theBuild(), 1)).toMatchFileSnapshot('../../fixtures/golden/real.txt');
});

real(
  'every history passes git fsck --strict, and every WORKDIR at rest is clean',
  { timeout: 10 * minutes },
  () => {
    for (const head of under(join(theBuild(), 'history'), 'HEAD')) {
      const history = join(head, '..');
      if (!history.endsWith('.git')) continue;
      expect(run(['git', '--git-dir', history, 'fsck', '--strict', '--no-progress'])).toBe('');
    }
    for (const recipe of recipes) {
      const workdir = under(join(theBuild(), 'tmp/work'), recipe)[0] ?? '';
      expect(`${recipe}: ${run(['git', '-C', workdir, 'status', '--porcelain'])}`).toBe(`${recipe}: `);
    }
  },
);

real(
  'each task restored is what GNU tar archived of the WORKDIR at that moment',
  { timeout: 10 * minutes },
  () => {
    for (const recipe of recipes) {
      const workdir = join(under(join(theBuild(), 'tmp/work'), recipe)[0] ?? '');
      for (const task of ['do_configure', 'do_compile', 'do_install']) {
        const tar = join(workdir, 'temp', `at-${task}.tar`);
        if (!existsSync(tar)) continue;
        const restored = join(top, 'restored', recipe, task);
        varve(theBuild(), 'restore', `${recipe}:${task}`, restored);
        run(['tar', '-C', restored, '--sort=name', '-cf', `${restored}.tar`, '.']);
        expect({ recipe, task, tree: listing(`${restored}.tar`) }).toEqual({
          recipe,
          task,
          tree: listing(tar),
        });
      }
    }
  },
);

real(
  'of 200 drawn files no line is said to be of a task that did not write it',
  { timeout: 10 * minutes },
  () => {
    const buildDir = theBuild();
    const snapshots = readSnapshots(buildDir);
    const world = createWorld();
    const drawn = drawFiles(recipes.flatMap(snapshots.files), { seed: 7, count: 200 });
    const answers = drawn.map((file) => {
      const [, installed] = /^image\/(.*)$/.exec(file.path) ?? [];
      const rev = installed === undefined ? `${file.recipe}:install` : file.recipe;
      return {
        file,
        lines: blameFile(world, { buildDir, rev, path: installed ?? file.path }, () => {}).lines,
      };
    });
    expect(answers.flatMap(({ file, lines }) => snapshots.wrongClaims(file, lines))).toEqual([]);
    const isOpen = ({ task }: BlamedLine): boolean => task === null;
    expect(answers.filter(({ lines }) => lines.length > 0 && lines.every(isOpen)).length).toBeLessThanOrEqual(
      10,
    );
    // The check itself would find a claim that is wrong.
    const moved = answers.map(({ file, lines }) => ({
      file,
      lines: lines.map((line) => ({ ...line, task: line.task && 'do_install' })),
    }));
    expect(moved.flatMap(({ file, lines }) => snapshots.wrongClaims(file, lines)).length).toBeGreaterThan(
      10_000,
    );
  },
);

real(
  'nothing is done twice, and after deleting tmp/ and history/ everything comes from artifacts',
  { timeout: 10 * minutes },
  () => {
    expect(countsOf(theBuild(), '--offline', ...shipped)).toMatchObject({ run: 0, failed: 0 });
    const before = artifactIds(theBuild());
    const copy = join(top, 'emptied');
    cpSync(theBuild(), copy, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !/\/(tmp|history|downloads)$/.test(path),
    });
    // do_manifest comes after do_install and has no artifact of its own: it alone runs.
    expect(countsOf(copy, '--offline', ...shipped)).toMatchObject({ run: 1, failed: 0 });
    expect(artifactIds(copy)).toEqual(before);
    expect(sumsOf(copy)).toEqual(sumsOf(theBuild()));
  },
);

testWith({ programs: [...tools, 'nginx'], files: sources, commands: [nginxTakesFiles] })(
  'another machine takes the image from a mirror: nothing runs before do_install, and no request is for nothing',
  { timeout: 20 * minutes },
  async () => {
    const server = await startNginx();
    varve(theBuild(), 'artifact', 'push', ...shipped, server.url);
    const other = makeBuildDir('other', `${local}ARTIFACT_MIRRORS = "${server.url}"\n`);
    const before = server.requests().length;
    expect(varve(other, 'build', 'real-image-open:install')).toMatch(/ ok: 1 restored, /);
    // An entry for each recipe and for the C library, the archive of the image, and what was revoked.
    expect(server.requests().length - before).toBeLessThanOrEqual(recipes.length + 3);
    const images = [theBuild(), other].map((buildDir, n) => {
      varve(buildDir, 'restore', 'real-image-open', join(top, `image${n}`));
      return join(top, `image${n}`);
    });
    expect(run(['diff', '-r', '--no-dereference', ...images])).toBe('');
    expect(countsOf(other, ...shipped)).toMatchObject({ run: 1, failed: 0 });
    expect(sumsOf(other)).toEqual(sumsOf(theBuild()));
  },
);

real('what is shipped is the same for another path, user, umask and -j', { timeout: 20 * minutes }, () => {
  const other = makeBuildDir('another/place/with/a/much/longer/path', local);
  const command = [
    process.execPath,
    'dist/bin/varve.js',
    '-B',
    other,
    'build',
    '-j',
    '4',
    '--offline',
    ...shipped,
  ];
  const isRoot = process.getuid?.() === 0;
  if (isRoot) {
    chmodSync(top, 0o755);
    run(['chown', '-R', '65534:65534', other]);
  }
  const as = isRoot ? ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'] : [];
  run(['sh', '-c', 'umask 027; exec "$@"', 'sh', ...as, ...command], {
    env: { PATH: process.env['PATH'], LANG: 'C' },
  });
  expect(artifactIds(other)).toEqual(artifactIds(theBuild()));
  expect(sumsOf(other)).toEqual(sumsOf(theBuild()));
});

const packagesIn = (buildDir: string, form: 'rpm' | 'deb'): readonly string[] =>
  filesBelow(join(buildDir, 'tmp/deploy', form)).filter((path) => path.endsWith(`.${form}`));

/** How a root comes to be, and with which tools. */
const roots: readonly (readonly [name: string, tools: readonly string[], command: string])[] = [
  [
    'the image, of which rpm misses nothing',
    ['rpm'],
    'tar -xpf deploy/images/host/real-root-host.rootfs.tar -C $ROOT; rpm --root $ROOT --dbpath /var/lib/rpm -V jq lua zlib onig external-libc',
  ],
  ['rpm -i', ['rpm'], 'rpm --root $ROOT -i deploy/rpm/*/*.rpm'],
  [
    'dpkg -i',
    ['dpkg'],
    'mkdir -p $ROOT/var/lib/dpkg/updates; touch $ROOT/var/lib/dpkg/status; dpkg --root=$ROOT --log=/dev/null -i deploy/deb/*/*.deb',
  ],
];
for (const [name, programs, command] of roots)
  testWith({ programs: [...tools, ...programs, 'unshare'], files: sources })(
    `in a root made by ${name}, programs run`,
    { timeout: 20 * minutes },
    () => {
      const root = mkdtempSync(join(top, 'root-'));
      const inRoot = 'chroot $ROOT /usr/bin';
      const script = `exec 3>&1 >&2
${command}
exec >&3
echo '{"a": [1, 2, 39]}' | ${inRoot}/jq -c '{sum: (.a | add)}'
${inRoot}/jq -n '"varve-12" | capture("(?<n>[0-9]+)") | .n'
${inRoot}/lua -e 'print(7 // 2, math.sin(0), _VERSION)'
echo hello | ${inRoot}/minigzip | ${inRoot}/minigzip -d`;
      expect(
        run(['unshare', '-rm', 'sh', '-ec', script], {
          cwd: join(theBuild(), 'tmp'),
          env: { PATH: `${process.env['PATH']}:/usr/sbin:/sbin`, ROOT: root },
        }),
      ).toBe('{"sum":42}\n"12"\n3\t0.0\tLua 5.4\nhello\n');
    },
  );

for (const form of ['rpm', 'deb'] as const)
  testWith({ programs: [...tools, CHECKERS[form]], files: sources })(
    `${CHECKERS[form]} finds no error in the form of packages`,
    { timeout: 20 * minutes },
    () => {
      // Each is looked at for a second.
      const packages = packagesIn(theBuild(), form).filter((path) => /\/(jq|zlib|external)/.test(path));
      const { about, errors } = checkForm(form, packages);
      expect(about).toBeGreaterThan(packages.length);
      expect(errors).toEqual([]);
    },
  );

const nothingToMake = {
  zlib: 'make -q shared libz.a minigzipsh',
  bzip2: 'make -q bzip2 bzip2recover libbz2.a',
  expat: 'ninja -n | grep -q "no work to do"',
  lua: 'make -q -C src lua luac liblua.a',
  // With -q its stamp-h1 is out of date even where it was just made; without, nothing may be compiled or linked.
  onig: 'make CC=false LIBTOOL=false',
  // The program itself is linked anew each time, as its makefile asks git for the version.
  jq: 'make -q libjq.la src/builtin.inc',
};
for (const [recipe, command] of Object.entries(nothingToMake))
  real(`in a shell at do_compile of ${recipe} there is nothing to make`, { timeout: 10 * minutes }, () => {
    expect(varve(theBuild(), 'shell', `${recipe}:compile`, '--', 'sh', '-c', `${command} >&2`)).toBe('');
  });
