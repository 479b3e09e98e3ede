/** Packages depend on those with the libraries that their programs are linked to. */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { expect } from 'vitest';
import { testWith } from '../support/needs.ts';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

const linkTest = testWith({ programs: ['gcc', 'fakeroot', 'dpkg-deb'] });

const compile = '$CC $CFLAGS -shared -fPIC -Wl,-soname,';

function library(text = 'int greet(void) { return 0; }', soname = 'libgreet.so.1'): string {
  return plainRecipe({
    do_install: `install -d \${D}\${libdir}
echo '${text}' > \${B}/greet.c
${compile}${soname} -o \${D}\${libdir}/${soname} \${B}/greet.c
ln -s ${soname} \${D}\${libdir}/libgreet.so`,
  });
}

const program = `install -d \${D}\${bindir} \${D}\${libdir}/app \${D}\${libdir}
echo 'int odd(void) { return 1; }' > \${B}/odd.c
${compile}libodd.so -o \${D}\${libdir}/app/libodd.so \${B}/odd.c
$CC -shared -fPIC -o \${D}\${libdir}/libplain.so.2 \${B}/odd.c
echo 'int greet(void); int odd(void); int main(void) { return greet() + odd(); }' > \${B}/app.c
$CC $CFLAGS -o \${D}\${bindir}/app \${B}/app.c $LDFLAGS -lgreet -L\${D}\${libdir}/app -lodd -Wl,-rpath,'$ORIGIN/../lib/app'`;

const further = `DEPENDS = "greet"
PE = "1"
PACKAGES =+ "lib\${PN}"
FILES:lib\${PN} = "\${libdir}"
PKG:lib\${PN} = "libapp1"
`;

function linking(recipes: Readonly<Record<string, string>>): Workspace {
  return makeWorkspace({ files: recipes, local: 'PACKAGE_CLASSES = "package_deb"\n' });
}

/** The Depends of a package, by the beginning of its file's name. */
function depends(w: Workspace, name: string): string {
  const file = `${w.path('tmp/deploy/deb')}/*/${name}_*.deb`;
  return spawnSync('sh', ['-c', `dpkg-deb -f ${file} Depends`], { encoding: 'utf8' }).stdout.trim();
}

linkTest('Depends names the package with each library, and is made anew where that is another one', () => {
  const w = linking({
    'recipes/greet_1.2.bb': library(),
    'recipes/app_3.bb': plainRecipe({ do_install: program }, further),
  });
  const { said, status } = w.varve('build', 'app');
  expect(status, said).toBe(0);
  expect(said).not.toContain('warning');
  expect(depends(w, 'app')).toBe('greet (>= 1.2), libapp1 (>= 1:3)');
  expect(depends(w, 'libapp1')).toBe('');
  const shown = spawnSync('sh', ['-c', 'cd tmp/pkgdata/*/shlibs2 && grep . *'], {
    cwd: w.buildDir,
    encoding: 'utf8',
  });
  expect(shown.stdout).toBe(`greet.list:libgreet.so.1:/usr/lib:1.2
libapp1.list:libodd.so:/usr/lib/app:1:3
libapp1.list:libplain.so.2:/usr/lib:1:3
`);
  // Another code of the library is none of their business, another name of it is.
  w.write('recipes/greet_1.2.bb', library('int greet(void) { return 7; }'));
  const { stdout } = w.varve('build', 'app');
  expect(stdout).toMatch(/greet:do_packagedata +ran/);
  expect(stdout).not.toMatch(/app:do_package\w* +ran/);
  w.write('recipes/greet_1.2.bb', library('int greet(void) { return 7; }', 'libgreet.so.2'));
  expect(w.varve('build', 'app').stdout).toMatch(/app:do_package_write_deb +ran/);
  for (const dir of ['tmp', 'history']) rmSync(w.path(dir), { recursive: true });
  expect(w.counts('app')).toMatchObject({ run: 0, failed: 0 });
  expect(depends(w, 'app')).toBe('greet (>= 1.2), libapp1 (>= 1:3)');
});

linkTest('debug information is in a package of its own, where a debugger finds it', () => {
  const w = linking({ 'recipes/greet_1.2.bb': library() });
  expect(w.counts('greet')).toMatchObject({ failed: 0 });
  const command = `for deb in tmp/deploy/deb/*/greet*_1.2*.deb; do dpkg-deb -x $deb root; done
readelf -S root/usr/lib/libgreet.so.1 | grep -c 'debug_info\\|symtab' || true
readelf --string-dump=.gnu_debuglink root/usr/lib/libgreet.so.1 | grep -o 'libgreet.*'
readelf -s root/usr/lib/debug/usr/lib/libgreet.so.1.debug | grep -c greet.c`;
  const looked = (): string => spawnSync('sh', ['-c', command], { cwd: w.buildDir, encoding: 'utf8' }).stdout;
  expect(looked()).toBe('0\nlibgreet.so.1.debug\n1\n');
  rmSync(w.path('root'), { recursive: true });
  w.write('recipes/greet_1.2.bb', `${library()}INHIBIT_PACKAGE_STRIP = "1"\n`);
  expect(w.counts('greet')).toMatchObject({ failed: 0 });
  // Nothing of it is in a file of its own.
  expect(looked()).toBe('2\n0\n');
});

linkTest('a library that no package has is told with the file that needs it', () => {
  const install = `${program}\nrm -r \${D}\${libdir}/app`;
  const w = linking({
    'recipes/greet_1.2.bb': library(),
    'recipes/app_3.bb': plainRecipe({ do_install: install }, further),
  });
  const { said, status } = w.varve('build', 'app');
  expect(status, said).toBe(0);
  expect(said).toContain(
    'app: /usr/bin/app of package app needs libodd.so, which is in no package that app depends on',
  );
  expect(said).toContain('INSANE_SKIP:app += "file-rdeps"');
  for (const line of ['INSANE_SKIP:${PN} = "file-rdeps"', 'ASSUME_SHLIBS += "libodd.so:odd-one_2"']) {
    w.write('recipes/app_3.bb', plainRecipe({ do_install: install }, `${further}${line}\n`));
    expect(w.varve('build', 'app').said, line).not.toContain('needs libodd.so');
  }
  expect(depends(w, 'app')).toBe('greet (>= 1.2), odd-one (>= 2)');
});
