/** Paths of the build directory in what a recipe installs. */
import { rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

const compile = `printf 'int main(void) { return 0; }\\n' > main.c
gcc -g -Wl,-rpath,\${STAGING_LIBDIR} -o tool main.c
gcc -g -o debugged main.c
printf '#!\${B}/tool\\nhello\\n' > script
printf "libdir='/usr/lib'\\ndependency_libs=' -L\${STAGING_LIBDIR} -lz'\\n" > libx.la`;
const install = `install -d \${D}\${bindir} \${D}\${libdir}/pkgconfig
install -m 755 tool debugged script \${D}\${bindir}
gcc -g \${DEBUG_PREFIX_MAP} -o \${D}\${bindir}/clean main.c
install -m 644 libx.la \${D}\${libdir}
printf 'prefix=/usr\\nlibs=-L\${STAGING_LIBDIR}\\n' > \${D}\${libdir}/pkgconfig/x.pc
ln -s \${WORKDIR}/gone \${D}\${libdir}/link
ln -s \${TMPDIR} \${D}\${libdir}/top`;

const found = `what it installs names TOP/build/tmp, which no other build has, in /usr/bin/debugged (.debug_line_str, from do_compile), /usr/bin/script (#! line, from do_compile), /usr/bin/tool (run path, from do_compile), /usr/lib/libx.la (line 2, from do_compile), /usr/lib/link (link, from do_install), and 2 more`;

const warned = `warning: x:do_install: ${found}
hint: varve blame x usr/bin/script   says where each line comes from
hint: chrpath -d \${D}/usr/bin/tool   in do_install:append takes the run path out
hint: \${DEBUG_PREFIX_MAP}, which is in CFLAGS, among the options of the compiler keeps it out of .debug_…
hint: varve artifact show x   names all files
hint: INSANE_SKIP:\${PN} += "buildpaths"   says that it is meant
`;

const tidy = (w: Workspace, text: string): string => text.replaceAll(w.top, 'TOP');

test('what names the build directory is told with file, place and task: the same when restored, imported or asked for', () => {
  const recipe = plainRecipe({ do_compile: compile, do_install: install });
  const w = makeWorkspace({ files: { 'recipes/x_1.bb': recipe } });
  expect(tidy(w, w.varve('build', 'x').stderr)).toBe(warned);
  const shown = tidy(w, w.varve('artifact', 'show', 'x').stdout);
  expect(shown.slice(shown.indexOf('  names'))).toBe(`  names TOP/build/tmp in
    /usr/bin/debugged        .debug_line_str  from do_compile
    /usr/bin/script          #! line          from do_compile
    /usr/bin/tool            run path         from do_compile
    /usr/lib/libx.la         line 2           from do_compile
    /usr/lib/link            link             from do_install
    /usr/lib/pkgconfig/x.pc  line 2           from do_install
    /usr/lib/top             link             from do_install
`);
  const file = w.path('x.tar.gz');
  w.varve('artifact', 'export', 'x', file);
  rmSync(w.path('artifacts'), { recursive: true });
  expect(tidy(w, w.varve('artifact', 'import', file).stderr)).toBe(
    'warning: x 1 names TOP/build/tmp, where it was built, in 7 files\n',
  );
  for (const made of ['tmp', 'history']) rmSync(w.path(made), { recursive: true });
  const restored = w.varve('build', 'x');
  expect(restored.stdout).toMatch(/x:do_install +restored/);
  expect(tidy(w, restored.stderr)).toBe(warned);
});

test('ERROR_QA makes it an error of the task, also for what was made before, until INSANE_SKIP says that it is meant', () => {
  const tasks = {
    do_install: `install -d \${D}\${bindir} \${D}\${libdir}/pkgconfig
echo "\${B}" > \${D}\${bindir}/script
echo "\${B}" > \${D}\${libdir}/pkgconfig/x.pc`,
  };
  const skipping = (name: string): string =>
    plainRecipe(tasks, `FILES:\${PN}-dev = "\${libdir}"\nINSANE_SKIP:${name} = "buildpaths"`);
  const w = makeWorkspace({ files: { 'recipes/x_1.bb': skipping('${PN}-dev') }, local: 'WARN_QA = ""\n' });
  const built = w.varve('build', 'x');
  expect([built.status, built.stderr]).toEqual([0, '']);

  writeFileSync(w.path('conf/local.conf'), 'ERROR_QA = "buildpaths"\n');
  const failed = w.varve('build', 'x');
  const where = 'names TOP/build/tmp, which no other build has, in /usr/bin/script (line 1, from do_install)';
  expect(failed.status).toBe(1);
  expect(tidy(w, failed.stderr)).toBe(`warning: x: what there is of it ${where}; it is not used\n`);
  expect(tidy(w, failed.stdout)).toContain(`what it installs ${where}: ERROR_QA has buildpaths`);

  w.write('recipes/x_1.bb', skipping('${PN}'));
  const meant = w.varve('build', 'x');
  expect([meant.status, meant.stderr]).toEqual([0, '']);
  expect(meant.stdout).not.toContain('ran');
});

test('of a file of an image it is told how to find the recipe that it is of', () => {
  const tasks = { do_install: 'install -d ${D}/etc\nln -s ${B} ${D}/etc/a\necho ${B} > ${D}/etc/b' };
  const files = {
    'recipes/x_1.bb': plainRecipe(tasks),
    'recipes/pic.bb': 'LICENSE = "MIT"\ninherit image\nIMAGE_INSTALL = "x"\n',
  };
  const w = makeWorkspace({ files });
  expect(tidy(w, w.varve('build', 'pic').stderr))
    .toContain(`warning: pic:do_install: what it installs names TOP/build/tmp, which no other build has, in /etc/a (link, from do_install), /etc/b (line 1, from do_install)
hint: varve blame pic etc/b   says which recipe it is of: there it is mended
hint: INSANE_SKIP:\${PN} += "buildpaths"   says that it is meant
`);
  expect(w.varve('blame', 'pic', 'etc/b').stdout).toContain('x:do_install');
});
