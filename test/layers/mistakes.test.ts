/** Mistakes in recipes that change what is built, and would do so in silence. */
import { expect, test } from 'vitest';
import { layerConf, read } from './build-directory.ts';

test('a recipe that stands twice in one version is told, with the file that is used; one that overrides another is not', () => {
  const files = (high: number, second = '') => ({
    '/layers/low/conf/layer.conf': layerConf(
      'low',
      'BBFILE_PRIORITY_low = "5"\nBBFILES += "${LAYERDIR}/recipes/*/*.bb"',
    ),
    '/layers/high/conf/layer.conf': layerConf('high', `BBFILE_PRIORITY_high = "${high}"`),
    '/layers/low/recipes/a_2.bb': '',
    '/layers/high/recipes/a_2.bb': '',
    '/layers/low/recipes/new/b_1.bb': '',
    '/layers/low/recipes/old/b_1.bb': second,
  });
  const told = (high: number, second?: string) => {
    const layers = ['/layers/low', '/layers/high'];
    const { recipes, warnings } = read({ files: files(high, second), layers });
    recipes();
    return warnings;
  };
  const twice = {
    text: 'layer low has the same recipe and version in /layers/low/recipes/old/b_1.bb, which is not used: remove one of them, or leave it out with BBMASK',
    place: { file: '/layers/low/recipes/new/b_1.bb' },
  };
  expect(told(6)).toEqual([twice]);
  expect(told(6, 'COMPATIBLE_HOST = "none"\n')).toEqual([]);
  expect(told(5)).toEqual([
    {
      text: 'layer high, of the same priority, has the same recipe and version in /layers/high/recipes/a_2.bb, which is not used: give the layer that is meant a higher BBFILE_PRIORITY, or leave one out with BBMASK',
      place: { file: '/layers/low/recipes/a_2.bb' },
    },
    twice,
  ]);
});

/** The warnings of one recipe, a_1.bb, each with its line. */
function told(...lines: readonly string[]): readonly string[] {
  const file = '/layers/meta/recipes/a_1.bb';
  const { recipe, warnings } = read({ files: { [file]: `${lines.join('\n')}\n` } });
  recipe('a');
  return warnings.map(({ text, place }) => `${place?.line ?? place?.file ?? ''}: ${text}`);
}

test('a task without a function is told where it is added, unless it is there only to order others', () => {
  const nothing = 'has no function do_check, so nothing is done in it';
  expect(told('', 'addtask check after do_compile')).toEqual([
    `2: task do_check ${nothing}: write one; where it is there only to order others, do_check[noexec] = "1" says so`,
  ]);
  expect(told('addtask check', 'do_chekc() {', '\t:', '}')[0]).toBe(
    `1: task do_check ${nothing}: did you mean do_chekc?`,
  );
  expect(told('addtask check', 'do_check[noexec] = "1"')).toEqual([]);
  expect(told('addtask check', 'deltask check')).toEqual([]);
  expect(told('addtask check', 'do_check:append() {', '\t:', '}')).toEqual([]);
});

test('addtask that stands after or before the slip of a task is told; one that may come from a class is not', () => {
  const check = ['do_check() {', '\t:', '}'];
  expect(told(...check, 'addtask check after do_compil before biuld')).toEqual([
    '4: addtask check after do_compil: there is no such task; did you mean do_compile?',
    '4: addtask check before do_biuld: there is no such task; did you mean do_build?',
  ]);
  expect(told(...check, 'addtask check after do_kernel_configme before do_package do_deploy')).toEqual([]);
});

test('a function that is called almost like a task is told, unless it is another one', () => {
  const isNone = 'counts for nothing, there is no task';
  expect(told('do_instal:append() {', '\t:', '}')).toEqual([
    `1: do_instal:append ${isNone} do_instal: did you mean do_install?`,
  ]);
  expect(told('do_complie:class-target() {', '\t:', '}', 'do_ptach() {', '\t:', '}')).toEqual([
    `1: do_complie:class-target ${isNone} do_complie: did you mean do_compile?`,
    `4: do_ptach ${isNone} do_ptach: did you mean do_patch?`,
  ]);
  expect(told('do_install2() {', '\t:', '}', 'do_deploy:append() {', '\t:', '}')).toEqual([]);
  expect(told('do_compiles() {', '\t:', '}', 'do_compile() {', '\tdo_compiles', '}')).toEqual([]);
  expect(told('do_compiles() {', '\t:', '}', 'do_install[prefuncs] += "do_compiles"')).toEqual([]);
});

test('what is said of no package is told, with how it is written', () => {
  const says = (name: string) =>
    `${name} does not say of which package it is: write ${name}:\${PN}, or another package behind the colon`;
  expect(told('RDEPENDS = "b"', 'FILES += "/opt"', 'pkg_postinst() {', '\t:', '}')).toEqual([
    `1: ${says('RDEPENDS')}`,
    `2: ${says('FILES')}`,
    `3: ${says('pkg_postinst')}`,
  ]);
  expect(told('RDEPENDS:append:${PN} = " b"')).toEqual([
    '1: RDEPENDS:append:a counts for nothing, a package is no override: write RDEPENDS:a:append',
  ]);
  expect(
    told('RDEPENDS:${PN} = "b"', 'FILES:a-dev:append = " /opt"', 'RDEPENDS:${PN}:append:arm = " c"'),
  ).toEqual([]);
  expect(told('PACKAGES = ""', 'RDEPENDS += "b"')).toEqual([]);
});

test('a package of the name of an override is none that is told', () => {
  const file = '/layers/meta/recipes/linux_1.bb';
  const { recipe, warnings } = read({ files: { [file]: 'RDEPENDS:${PN} = "b"\nFILES:${PN} += "/boot"\n' } });
  expect(recipe('linux').rdepends).toEqual(['b']);
  expect(warnings).toEqual([]);
});

test('a package that stands in PACKAGES twice is told where it stands again', () => {
  expect(told('PACKAGES =+ "${PN}-conf"', 'PACKAGES += "a-conf"')).toEqual([
    '2: PACKAGES has a-conf twice: take it out here',
  ]);
});

test('users that no package brings are told', () => {
  expect(told('inherit useradd')).toEqual([
    '/layers/meta/recipes/a_1.bb: the recipe inherits useradd and brings no users, since USERADD_PACKAGES is not set: write USERADD_PACKAGES = "${PN}", and what users in USERADD_PARAM:${PN}',
  ]);
  expect(told('inherit useradd', 'USERADD_PACKAGES = "${PN} ${PN}d"')).toEqual([
    '2: USERADD_PACKAGES has ad, which is no package of the recipe, so it brings no users: did you mean a?',
  ]);
  expect(told('inherit useradd', 'USERADD_DEPENDS = "b"')).toEqual([]);
  expect(
    told('inherit useradd', 'USERADD_PACKAGES = "${FEATURE_PACKAGES}"', 'FEATURE_PACKAGES = ""'),
  ).toEqual([]);
});

test('a recipe that DEPENDS on itself is told; the native one that is made of it may stand there', () => {
  expect(told('', 'DEPENDS += "b ${PN}"')).toEqual([
    '2: DEPENDS has a, which is the recipe itself, and is passed over: take it out, or write a-native where its own tools are meant',
  ]);
  expect(told('DEPENDS += "${BPN}-native"', 'BBCLASSEXTEND = "native"')).toEqual([]);
  expect(told('inherit packagegroup', 'PACKAGES = "a a-more"', 'RDEPENDS:a-more = "a"')).toEqual([]);
});

test('a recipe without LICENSE is told where it is published', () => {
  const none =
    '/layers/meta/recipes/a_1.bb: LICENSE is not set, and what is published of the recipe says INVALID: write LICENSE = "MIT", or "CLOSED" where it is nobody\'s to pass on';
  expect(told('')).toEqual([]);
  expect(told('PACKAGE_CLASSES = "package_deb"')).toEqual([none]);
  expect(told('inherit create-spdx')).toEqual([none]);
  expect(told('inherit create-spdx', 'LICENSE = "MIT"')).toEqual([]);
});
