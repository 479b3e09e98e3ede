/** What the classes that recipes inherit make of them, without any Python to be had. */
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { read, refusal } from './build-directory.ts';

const classes = readdirSync('lib/meta/classes').map((file) => file.replace('.bbclass', ''));

/** The recipe `thing` with these lines, and with these in conf/local.conf. */
function thing(recipe: string, local = '') {
  const files = { '/layers/meta/recipes/thing_1.2.3.bb': recipe, '/build/conf/local.conf': local };
  return read({ files }).recipe('thing');
}

/** A value with its blanks evened out. */
function value(name: string, recipe: string, local = ''): string | undefined {
  return thing(recipe, local).data.get(name)?.trim().replaceAll(/\s+/g, ' ');
}

test.each([
  ['REQUIRED_DISTRO_FEATURES = "acl x11"', 'DISTRO_FEATURES lacks x11'],
  ['REQUIRED_DISTRO_FEATURES = "acl ipv6"', undefined],
  ['CONFLICT_DISTRO_FEATURES = "x11 ipv6"', 'DISTRO_FEATURES has ipv6'],
  ['CONFLICT_DISTRO_FEATURES = "x11"', undefined],
  ['ANY_OF_DISTRO_FEATURES = "${GTK3DISTROFEATURES}"', 'DISTRO_FEATURES has none of x11 wayland'],
  ['ANY_OF_DISTRO_FEATURES = "x11 ipv6"', undefined],
  ['REQUIRED_MACHINE_FEATURES = "screen"', 'MACHINE_FEATURES lacks screen'],
  ['REQUIRED_COMBINED_FEATURES = "acl"', 'COMBINED_FEATURES lacks acl'],
  ['REQUIRED_COMBINED_FEATURES = "ipv6"', undefined],
])('features_check with features acl and ipv6, %s: %s', (line, why) => {
  const local = 'DISTRO_FEATURES = "acl ipv6"\nMACHINE_FEATURES = "ipv6 usb"\n';
  expect(thing(`inherit features_check\n${line}\n`, local).skipped).toBe(why);
});

test.each([
  ['gettext', 'EXTRA_OECONF', '', '--enable-nls'],
  ['gettext', 'EXTRA_OECONF', 'USE_NLS = "no"', '--disable-nls'],
  ['gtk-doc', 'EXTRA_OECONF', '', '--disable-gtk-doc'],
  ['gtk-doc', 'EXTRA_OEMESON', 'GTKDOC_MESON_OPTION = "gtk_doc"', '-Dgtk_doc=false'],
  ['gi-docgen', 'EXTRA_OEMESON', 'GIDOCGEN_MESON_OPTION = "documentation"', '-Ddocumentation=false'],
  ['gobject-introspection', 'EXTRA_OECONF', '', '--disable-introspection'],
  ['gobject-introspection', 'EXTRA_OEMESON', '', '-Dintrospection=false'],
  ['gobject-introspection', 'EXTRA_OEMESON', 'GIR_MESON_OPTION = ""', ''],
  ['gobject-introspection', 'EXTRA_OEMESON', 'GI_DATA_ENABLED = "True"', '-Dintrospection=true'],
  ['siteinfo', 'SITEINFO_BITS', '', '64'],
  ['siteinfo', 'SITEINFO_BITS', 'TARGET_ARCH = "arm"', '32'],
  ['siteinfo', 'SITEINFO_ENDIANNESS', 'TARGET_ARCH = "mips"', 'be'],
  ['siteinfo', 'SITEINFO_ENDIANNESS', '', 'le'],
  ['github-releases', 'GITHUB_BASE_URI', '', 'https://github.com/thing/thing/releases/'],
  [
    'gnomebase',
    'SRC_URI',
    '',
    'https://download.gnome.org/sources/thing/1.2/thing-1.2.3.tar.xz;name=archive',
  ],
  ['ptest', 'PTEST_PATH', '', '/usr/lib/thing/ptest'],
  ['python3native', 'PYTHON', '', 'python3'],
  ['core-image', 'IMAGE_FSTYPES', 'IMAGE_FSTYPES = "${INITRAMFS_FSTYPES}"', 'cpio.gz'],
  ['packagegroup', 'DEPENDS', 'RDEPENDS:${PN} = "one two"', 'one two'],
])('inherit %s: %s, with "%s", is "%s"', (name, variable, line, wanted) => {
  expect(value(variable, `inherit ${name}\n${line}\n`)).toBe(wanted);
});

test('manpages are a feature that api-documentation switches on', () => {
  const recipe = 'inherit manpages autotools\nPACKAGECONFIG[manpages] = "--with-man,--without-man"\n';
  expect(value('EXTRA_OECONF', recipe)).toBe('--without-man');
  expect(value('EXTRA_OECONF', recipe, 'DISTRO_FEATURES = "api-documentation"\n')).toBe('--with-man');
});

test('a name in PACKAGECONFIG that no flag declares is warned of once, with the line that has it', () => {
  const recipe = 'PACKAGECONFIG ??= "ssl"\nPACKAGECONFIG[ssl] = "--ssl,--no-ssl"\nBBCLASSEXTEND = "native"\n';
  const warnings = (local: string) => {
    const files = { '/layers/meta/recipes/thing_1.bb': recipe, '/build/conf/local.conf': local };
    const metadata = read({ files });
    for (const name of ['thing', 'thing-native']) metadata.recipe(name);
    return metadata.warnings;
  };
  expect(warnings('')).toEqual([]);
  expect(warnings('\nPACKAGECONFIG:append:pn-thing = " sll"\n')).toEqual([
    {
      text: 'PACKAGECONFIG has "sll", which no PACKAGECONFIG[sll] declares; did you mean "ssl"?',
      place: { file: '/build/conf/local.conf', line: 2 },
    },
  ]);
});

test('features of PACKAGECONFIG that exclude each other are refused, with the line that says so', () => {
  const flags = 'PACKAGECONFIG[ssl] = "--ssl,--no-ssl,,,,tls"\nPACKAGECONFIG[tls] = "--tls,--no-tls"\n';
  expect(value('PACKAGECONFIG_CONFARGS', `PACKAGECONFIG = "ssl"\n${flags}`)).toBe('--ssl --no-tls');
  expect(refusal(() => thing(`PACKAGECONFIG = "tls ssl"\n${flags}`))).toEqual({
    fault: 'metadata',
    message: 'PACKAGECONFIG has ssl and tls, which exclude each other',
    place: { file: '/layers/meta/recipes/thing_1.2.3.bb', line: 2 },
    hints: ['PACKAGECONFIG is "tls ssl"'],
  });
});

test('tests are a package of their own where DISTRO_FEATURES has ptest, but not of native recipes', () => {
  const packages = (recipe: string, local: string): boolean | undefined =>
    value('PACKAGES', recipe, local)?.includes('thing-ptest');
  const on = 'DISTRO_FEATURES = "ptest"\n';
  expect(packages('inherit ptest\n', '')).toBe(false);
  expect(packages('inherit ptest\n', on)).toBe(true);
  expect(packages('inherit ptest\ninherit native\n', on)).toBe(false);
});

test("a package takes the units that SYSTEMD_SERVICE names of it, and those that are a unit's own", () => {
  const files = (lines: string): readonly string[] =>
    (value('FILES:thing', `inherit systemd\n${lines}\n`) ?? '')
      .split(' ')
      .filter((path) => path.startsWith('/lib/systemd/system/'))
      .map((path) => path.slice('/lib/systemd/system/'.length));
  expect(files('')).toEqual([]);
  expect(files('SYSTEMD_SERVICE:${PN} = "a.service b@tty1.service c.timer"')).toEqual([
    'a.service',
    'a@.service',
    'a.socket',
    'b@tty1.service',
    'b@.service',
    'c.timer',
    'c@.timer',
  ]);
  expect(files('SYSTEMD_PACKAGES = "${PN}-d"\nSYSTEMD_SERVICE:${PN}-d = "a.service"')).toEqual([]);
});

test('words that varve adds to a name replace nothing that a recipe sets under its plain name', () => {
  const warnings = (line: string): readonly string[] => {
    const files = { '/layers/meta/recipes/thing_1.bb': `RDEPENDS:thing = "a"\n${line}` };
    const metadata = read({ files });
    metadata.recipe('thing');
    return metadata.warnings.map(({ text }) => text);
  };
  expect(warnings('')).toEqual([]);
  expect(warnings('RDEPENDS:${PN} = "b"\n')).toEqual([
    'RDEPENDS:${PN} replaces RDEPENDS:thing, which is set too',
  ]);
});

test('the class that was meant is near in length too; else it is told where classes are looked for', () => {
  const refused = (name: string) => refusal(() => thing(`inherit ${name}\n`));
  expect(refused('autotool')).toMatchObject({ hints: ['did you mean "autotools"?'] });
  const places = expect.stringMatching(/^classes are looked for in /);
  expect(refused('go')).toMatchObject({ hints: [places] });
  expect(refused('buildstats')).toMatchObject({
    hints: ['without it: varve log RECIPE tells how long each task took', places],
  });
});

test('a recipe for no package is not waited for by name of its package data', () => {
  expect(thing('inherit nopackages\n').tasks.map(({ name }) => name)).not.toContain('do_packagedata');
  expect(thing('').tasks.map(({ name }) => name)).toContain('do_packagedata');
});

test.each(classes.filter((name) => name !== 'nativesdk'))(
  'a recipe that does no more than inherit %s has its task build',
  (name) => expect(thing(`inherit ${name}\n`).tasks.map((task) => task.name)).toContain('do_build'),
);

test('a recipe as OpenEmbedded has them, with what its classes bring', () => {
  const recipe = `SUMMARY = "A daemon"
LICENSE = "MIT"
SRC_URI = "\${GITHUB_BASE_URI}/download/v\${PV}/\${BP}.tar.gz"
inherit autotools gettext pkgconfig github-releases ptest systemd update-rc.d useradd update-alternatives
inherit bash-completion manpages lib_package multilib_header multilib_script binconfig upstream-version-is-even
inherit_defer \${@bb.utils.contains('PACKAGECONFIG', 'python', 'python3native python3targetconfig', '', d)}
PACKAGECONFIG ??= "\${@bb.utils.filter('DISTRO_FEATURES', 'ipv6 systemd', d)}"
PACKAGECONFIG[ipv6] = "--enable-ipv6,--disable-ipv6"
PACKAGECONFIG[systemd] = "--with-systemdunitdir=\${systemd_system_unitdir},--without-systemdunitdir,systemd"
PACKAGECONFIG[python] = "--with-python,--without-python,python3"
SYSTEMD_SERVICE:\${PN} = "thing.service"
INITSCRIPT_NAME = "thing"
USERADD_PACKAGES = "\${PN}"
USERADD_PARAM:\${PN} = "--system --no-create-home thing"
ALTERNATIVE:\${PN} = "thingd"
ALTERNATIVE_LINK_NAME[thingd] = "\${sbindir}/thingd"
EXTRA_OECONF += "--with-bits=\${SITEINFO_BITS}"
EXTRA_OECONF:append:libc-glibc = " --with-glibc"
EXTRA_OECONF:append:libc-musl = " --with-musl"
do_install:append() {
	oe_multilib_header thing.h
	install -d \${D}\${INIT_D_DIR} \${D}\${PTEST_PATH}
}
BBCLASSEXTEND = "native nativesdk"
`;
  expect(value('EXTRA_OECONF', recipe, 'DISTRO_FEATURES = "ipv6"\n')).toBe(
    '--with-bits=64 --enable-ipv6 --without-python --without-systemdunitdir --enable-nls --with-glibc',
  );
  expect(value('PACKAGES', recipe)).toContain('thing-bash-completion');
  const { dirs, skipped } = thing(recipe);
  expect(value('do_install', recipe)).toContain(
    `install -d ${dirs.d}/etc/init.d ${dirs.d}/usr/lib/thing/ptest`,
  );
  expect(skipped).toBeUndefined();
});
