import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { testWith } from '../support/needs.ts';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

const lib = (text: string): string =>
  plainRecipe({ do_install: `mkdir -p \${D}/usr/share\necho ${text} > \${D}/usr/share/lib` });

/** Two builds whose artifacts differ. */
function builtTwice(): Workspace {
  const w = makeWorkspace({ files: { 'recipes/lib_1.bb': lib('one') } });
  expect(w.counts('lib')).toMatchObject({ failed: 0 });
  w.write('recipes/lib_1.bb', lib('two'));
  expect(w.counts('lib')).toMatchObject({ failed: 0 });
  return w;
}

const archives = (w: Workspace): number =>
  readdirSync(w.path('artifacts/cas'), { recursive: true, withFileTypes: true }).filter((file) =>
    file.isFile(),
  ).length;

test('histories that HISTORY_MAX_SIZE cannot make as small are told, with what always stays', () => {
  const w = builtTwice();
  const gc = (size: string): string => {
    writeFileSync(w.path('conf/local.conf'), `HISTORY_MAX_SIZE = "${size}"\n`);
    return w.varve('gc').stdout;
  };
  expect(gc('1G')).not.toContain('more than');
  expect(gc('1')).toContain('that is more than 1 byte: builds with a name, the newest one, and');
});

test.each([
  ['at once', []],
  ['after a build that named its results again', ['build', '-f', '-c', 'install', 'lib']],
])('gc %s gives edits and notes of a history that has lost its names theirs again', (_, words) => {
  const w = makeWorkspace({
    files: {
      'recipes/lib_1.bb': plainRecipe(
        { do_install: 'install -D a ${D}/usr/a' },
        'SRC_URI = "file://a"\nS = "${UNPACKDIR}"\n',
      ),
      'recipes/lib/a': 'a\n',
    },
  });
  w.varve('build', 'lib');
  for (const text of ['first', 'second']) {
    writeFileSync(w.path('tmp/work/x86_64/lib/sources/a'), `${text}\n`);
    w.varve('edit', 'drop', 'lib');
  }
  w.varve('gc');
  const gitDir = w.path('history/x86_64/lib.git');
  const log = w.varve('show', 'lib:install').stdout;
  rmSync(join(gitDir, 'packed-refs'));
  expect(w.varve('fsck').stdout).toContain('builds name again what they need, varve gc edits and notes\n');
  expect(w.varve('why', 'lib@1:install').stdout).not.toContain('the same work had been done before');
  if (words.length > 0) expect(w.varve(...words).status).toBe(0);
  expect(w.varve('gc').status).toBe(0);
  // Nothing tells which of the two came first.
  const kept = [1, 2].map((n) => w.varve('cat', `lib:edited@${n}`, 'sources/a').stdout);
  expect(kept.toSorted()).toEqual(['first\n', 'second\n']);
  expect(w.varve('why', 'lib@1:install').stdout).toContain('ran in build 1');
  expect(w.varve('show', 'lib@1:install').stdout).toContain('host');
  expect(log).toContain('host');
  expect(w.varve('fsck').status).toBe(0);
  expect(w.varve('gc').stdout).toContain('stay');
});

test('gc removes what the history has too; every build can still be asked, and nothing runs for it', () => {
  const w = builtTwice();
  expect(w.varve('gc', '--dry-run', '--max-size', '1').stdout).toMatch(
    /^all 2 builds stay; .*\nlib 1 +\d+ bytes +last used .*\n1 archive \(\d+ bytes\) would be removed, 1 archive \(\d+ bytes\) would stay\nthat is more than 1 byte: /,
  );
  expect(archives(w)).toBe(2);
  const gone = JSON.parse(w.varve('gc', '--max-size', '1', '--json').stdout) as Record<string, unknown>;
  expect(gone).toMatchObject({
    schema: 1,
    dryRun: false,
    artifacts: { removed: [{ of: [{ recipe: 'lib' }] }], kept: 1 },
  });
  expect(archives(w)).toBe(1);
  expect(w.varve('cat', 'lib@1', 'usr/share/lib').stdout).toBe('one\n');
  expect(w.varve('cat', 'lib@2', 'usr/share/lib').stdout).toBe('two\n');
  expect(w.counts('lib')).toMatchObject({ run: 0, restore: 0 });
});

test('gc keeps older artifacts that histories have only where others may have a use for them', () => {
  const w = builtTwice();
  cpSync(w.path('artifacts'), join(w.top, 'served'), { recursive: true, preserveTimestamps: true });
  expect(w.varve('gc').stdout).toContain('\n1 archive ');
  expect(archives(w)).toBe(1);
  expect(w.varve('cat', 'lib@1', 'usr/share/lib').stdout).toBe('one\n');
  writeFileSync(w.path('conf/local.conf'), `ARTIFACT_DIR = "${join(w.top, 'served')}"\n`);
  expect(w.varve('gc').stdout).toContain('\n0 archives (0 bytes) removed, 2 archives');
});

test('gc keeps what a kept build has nowhere but in the store', () => {
  const w = builtTwice();
  rmSync(w.path('tmp'), { recursive: true });
  rmSync(w.path('history/' + readdirSync(w.path('history')).find((name) => name !== 'builds.git')), {
    recursive: true,
  });
  expect(w.varve('gc', '--max-size', '1').status).toBe(0);
  expect(archives(w)).toBe(2);
  expect(w.varve('gc', '--max-size', '1', '--older-than', '0h').status).toBe(0);
  expect(archives(w)).toBe(1);
});

test('gc keeps what a build that goes on elsewhere may count on', () => {
  const w = builtTwice();
  const began = Date.now() - 3_600_000;
  rmSync(w.path('artifacts/running'), { recursive: true });
  w.write('../build/artifacts/running/0123456789abcdef01234567', `${began}\n`);
  expect(w.varve('gc', '--max-size', '1').stdout).toContain('\n0 archives (0 bytes) removed, 2 archives');
});

test('gc keeps what the record of another build directory names and has only in the store', () => {
  const app = plainRecipe({ do_install: 'touch ${D}/app' }, 'DEPENDS = "lib"\n');
  const w = makeWorkspace({ files: { 'recipes/lib_1.bb': lib('one'), 'recipes/app_1.bb': app } });
  const local = `ARTIFACT_DIR = "${w.path('artifacts')}"\n`;
  expect(w.counts('app')).toMatchObject({ failed: 0 });
  const other = `${w.buildDir}-2`;
  w.write('../build-2/conf/local.conf', local);
  cpSync(w.path('conf/bblayers.conf'), `${other}/conf/bblayers.conf`);
  const there = (...args: string[]): string => w.varve('-B', other, ...args).said;
  expect(there('build', 'app')).toContain('1 restored');
  w.write('recipes/lib_1.bb', lib('two'));
  expect(w.counts('app')).toMatchObject({ failed: 0 });
  rmSync(w.path('history'), { recursive: true });
  rmSync(w.path('tmp'), { recursive: true });
  expect(w.counts('app')).toMatchObject({ failed: 0, run: 0 });
  expect(w.varve('gc', '--max-size', '1', '--older-than', '0h').status).toBe(0);
  expect(there('cat', 'lib', 'usr/share/lib')).toBe('one\n');
  rmSync(other, { recursive: true });
  expect(w.varve('gc', '--max-size', '1', '--older-than', '0h').stdout).toMatch(/^1 archive .* removed/m);
});

const withDisks = testWith({ commands: ['unshare -Urm mount -t tmpfs none /tmp'] });

withDisks('on a disk that is full to the last byte gc makes room, and the next build succeeds', () => {
  const big = plainRecipe({ do_install: 'echo NUMBER > ${D}/number\nhead -c 3M /dev/urandom > ${D}/big' });
  const w = makeWorkspace({ files: { 'recipes/lib_1.bb': big } });
  const script = `set -e
    varve() { '${process.execPath}' '${resolve('dist/bin/varve.js')}' "$@"; }
    cp -r conf ../conf
    mount -t tmpfs -o size=48M full .
    cd . && cp -r ../conf .
    for n in 1 2 3; do
      sed -i "s/echo [A-Z0-9]*/echo $n/" ${w.layer}/recipes/lib_1.bb
      varve build -q lib > ../said
    done
    head -c 1M /dev/urandom > typed && mv typed tmp/work/*/lib
    cat /dev/zero > filler 2> ../said || stat -f -c '%f blocks are free' .
    varve clean lib 2>&1 | sed 's,/[^ ]*/work/,,'
    rm tmp/work/*/lib/typed
    varve clean lib | head -n 1
    cat /dev/zero >> filler 2> ../said || stat -f -c '%f blocks are free' .
    varve gc --max-size 4M
    sed -i "s/3M/1M/" ${w.layer}/recipes/lib_1.bb
    varve build -q lib
    varve cat lib@1 number`;
  const ran = spawnSync('unshare', ['-Urm', 'bash', '-c', script], { cwd: w.buildDir, encoding: 'utf8' });
  expect(ran.stdout + ran.stderr).toMatch(
    /^0 blocks are free\nerror: there is no room to record what is in \S+\/lib, and so it stays\nhint: varve gc .*\nhint: rm -r .* is lost\nlib: removed .*\n0 blocks are free\nall 3 builds stay; .*\nthere was no room to compress .*\n2 archives \(6.0 MiB\) removed, 1 archive \(3.0 MiB\) stay\nvarve gc --older-than 1d, or 0h, makes more room .*\nbuild 4 ok: .*\n1\n$/,
  );
});

withDisks(
  'a disk that is filled in the middle of a build: gc makes room, and nothing recorded is lost',
  () => {
    const recipe = (n: number, before = ''): string =>
      plainRecipe(
        {
          do_compile: `${before}head -c 2M /dev/urandom > \${B}/object; : ${n}`,
          do_install: `echo ${n} > \${D}/number\ncp \${B}/object \${D}`,
        },
        'B = "${WORKDIR}/b"\n',
      );
    const w = makeWorkspace({ files: { 'recipes/other_1.bb': recipe(0) } });
    const [here, go] = [join(w.top, 'here'), join(w.top, 'go')];
    for (const n of [1, 2, 3, 4]) w.write(`recipe-${n}`, recipe(n));
    w.write('recipe-5', recipe(5, `echo > ${here}\ncat ${go}\n`));
    w.write('recipe-6', recipe(6));
    const script = `set -e
    varve() { '${process.execPath}' '${resolve('dist/bin/varve.js')}' "$@"; }
    write() { mkdir -p ${w.layer}/recipes && cp ${w.layer}/recipe-$1 ${w.layer}/recipes/lib_1.bb; }
    sum() { sha256sum < tmp/work/*/other/b/object; }
    cp -r conf ../conf && mkfifo ${here} ${go}
    mount -t tmpfs -o size=40M full .
    cd . && cp -r ../conf .
    write 1 && varve build -q --name first lib other > ../said
    sum > ../sum
    for n in 2 3 4; do write $n && varve build -q lib > ../said; done
    write 5
    varve build -q lib > ../said 2>&1 &
    cat ${here}
    cat /dev/zero > filler 2> ../fill || stat -f -c '%f blocks are free' .
    echo > ${go}
    wait $! || echo "build 5 ended with $?"
    grep -o '^error: there was no room on the disk' ../said
    grep -o '^hint: varve history size .* MiB' ../said
    varve gc --dry-run > ../dry
    varve gc
    varve fsck
    write 6 && varve build -q lib other
    varve cat lib@first number && varve cat lib number
    rm filler && varve build -q -f -c install other && sum | cmp - ../sum
    varve fsck
    git --git-dir history/*/lib.git fsck --strict --no-dangling`;
    const ran = spawnSync('unshare', ['-Urm', 'bash', '-c', script], { cwd: w.buildDir, encoding: 'utf8' });
    expect(ran.stdout + ran.stderr).toMatch(
      /^\n0 blocks are free\nbuild 5 ended with 1\nerror: there was no room on the disk\nhint: varve history size .*\nall [45] builds stay; .*\n(?:.*\n)*the disk is full: WORKDIRs of other \(4.0 MiB\) removed; .*\nthe WORKDIR of lib \(.* KiB\) stays: do_compile did not come to its end in it\nvarve clean RECIPE   .*\nvarve gc --older-than 1d, or 0h, .*\n(?:.*\n)*.*: all whole\nbuild \d ok: .*\n1\n6\nbuild \d ok: .*\n(?:.*\n)?.*: all whole\n$/,
    );
  },
);

test('gc removes what was found out long ago, and is found out again', () => {
  const w = makeWorkspace({ files: { 'recipes/lib_1.bb': lib('one') } });
  expect(w.counts('lib')).toMatchObject({ failed: 0 });
  expect(w.varve('gc').stdout).not.toContain('tmp/cache');
  for (const name of readdirSync(w.path('tmp/cache'), { recursive: true, encoding: 'utf8' }))
    utimesSync(w.path('tmp/cache', name), 1, 1);
  expect(w.varve('gc', '--dry-run').stdout).toMatch(/ of tmp\/cache would be removed\n$/);
  expect(w.varve('gc').stdout).toMatch(/ of tmp\/cache removed\n$/);
  expect(w.varve('gc').stdout).not.toContain('tmp/cache');
  expect(w.counts('lib')).toMatchObject({ run: 0, restore: 0, failed: 0 });
});

test('a limit that is none is told with an example', () => {
  const w = makeWorkspace({ local: 'ARTIFACT_MAX_SIZE = "much"\n' });
  const told = 'ARTIFACT_MAX_SIZE is "much", which is not a size';
  expect(w.varve('gc').stderr).toContain(told);
  // gc comes after it by itself, where nobody would see it.
  expect(w.varve('build', 'lib')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining(told) as string,
  });
  expect(w.varve('gc', '--older-than', 'soon').stderr).toContain(
    '--older-than takes 12h, 30d, 2w, 1y or 2026-01-31, not "soon"',
  );
});
