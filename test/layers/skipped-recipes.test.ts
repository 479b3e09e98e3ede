/** Recipes that are not for this configuration. No Python is to be had in any of these. */
import { expect, test } from 'vitest';
import { read, refusal } from './build-directory.ts';

/** Why `thing` is skipped, with these lines in its recipe and in conf/local.conf. */
function whySkipped(recipe: string, local = ''): string | undefined {
  const files = {
    '/layers/meta/recipes/thing_1.bb': recipe,
    '/layers/meta/conf/machine/qemuarm.conf': 'MACHINEOVERRIDES .= ":qemuall"\n',
    '/build/conf/local.conf': local,
  };
  return read({ files }).recipe('thing').skipped;
}

const forQemu = 'MACHINE = "qemuarm"\n';

test.each([
  ['COMPATIBLE_MACHINE = "qemux86"', 'COMPATIBLE_MACHINE is "qemux86", and MACHINE is "qemuarm"'],
  ['COMPATIBLE_MACHINE = "(qemuarm|qemux86)"', undefined],
  ['COMPATIBLE_MACHINE = "qemuall"', undefined],
  ['COMPATIBLE_MACHINE = "arm"', 'COMPATIBLE_MACHINE is "arm", and MACHINE is "qemuarm"'],
  ['COMPATIBLE_MACHINE = "x86"\nCOMPATIBLE_MACHINE:qemuarm = "qemuarm"', undefined],
  ['COMPATIBLE_MACHINE = ""', undefined],
  [
    'COMPATIBLE_HOST = "(arm|aarch64).*-linux"',
    'COMPATIBLE_HOST is "(arm|aarch64).*-linux", and the host is x86_64-linux',
  ],
  ['COMPATIBLE_HOST = "(x86_64|i.86).*-linux"', undefined],
  ['COMPATIBLE_HOST:qemuarm = "null"', 'COMPATIBLE_HOST is "null", and the host is x86_64-linux'],
])('on qemuarm, %s: %s', (line, why) => {
  expect(whySkipped(`${line}\n`, forQemu)).toBe(why);
});

test.each([
  [
    '',
    'its licence is restricted: LICENSE_FLAGS_ACCEPTED:append = " commercial_x_thing" in conf/local.conf says that you may use it',
  ],
  ['commercial', undefined],
  ['commercial_x', undefined],
  ['commercial_x_thing', undefined],
  [
    'commercial_y',
    'its licence is restricted: LICENSE_FLAGS_ACCEPTED:append = " commercial_x_thing" in conf/local.conf says that you may use it',
  ],
])('where LICENSE_FLAGS_ACCEPTED is "%s": %s', (accepted, why) => {
  expect(whySkipped('LICENSE_FLAGS = "commercial_x"\n', `LICENSE_FLAGS_ACCEPTED = "${accepted}"\n`)).toBe(
    why,
  );
});

const forbids = (names: string, packages = 'thing', license = names): string =>
  `INCOMPATIBLE_LICENSE forbids ${names}; INCOMPATIBLE_LICENSE_EXCEPTIONS:append = " ${packages}:${license}" in conf/local.conf says that you may use it`;

test.each([
  ['MIT', '', undefined],
  ['GPL-3.0-only', '', forbids('GPL-3.0-only')],
  ['GPL-2.0-or-later', '', undefined],
  ['gpl-3.0-only', '', forbids('gpl-3.0-only')],
  ['GPLv3+', '', forbids('GPLv3+', 'thing', 'GPL-3.0-or-later')],
  ['GPL-3.0-or-later | MIT', '', undefined],
  ['GPL-3.0-only & (MIT | Zlib)', '', forbids('GPL-3.0-only')],
  ['(GPL-3.0-only AND MIT) OR Zlib', '', undefined],
  [
    'GPL-3.0-only WITH GCC-exception-3.1',
    '',
    forbids('GPL-3.0-only WITH GCC-exception-3.1', 'thing', 'GPL-3.0-only'),
  ],
  ['GPL-3.0-only WITH GCC-exception-3.1', 'GCC-exception-3.1', undefined],
  ['Own GPL-3.0-only', '', forbids('GPL-3.0-only')],
  ['(Own | GPL-3.0-only', '', forbids('GPL-3.0-only')],
  ['GPL-3.0-only', 'GPL-3.0-only', undefined],
  ['GPL-3.0-only', 'thing:GPL-3.0-only', undefined],
  ['GPL-3.0-only', 'other:GPL-3.0-only', forbids('GPL-3.0-only')],
])('where GPL-3.0* is forbidden, LICENSE = "%s" with the exceptions "%s": %s', (license, exceptions, why) => {
  const local = `INCOMPATIBLE_LICENSE = "GPL-3.0*"\nINCOMPATIBLE_LICENSE_EXCEPTIONS = "${exceptions}"\n`;
  expect(whySkipped(`LICENSE = "${license}"\n`, local)).toBe(why);
  expect(whySkipped(`LICENSE = "${license}"\ninherit native\n`, local)).toBeUndefined();
});

test('a recipe is skipped where all of its packages are forbidden, or where no packages are made and one is', () => {
  const recipe = 'LICENSE = "MIT"\nLICENSE:${PN}-doc = "GFDL-1.3-only"\n';
  const local = 'INCOMPATIBLE_LICENSE = "GFDL-1.3-only"\n';
  const divided = `${local}INHERIT += "package"\n`;
  expect(whySkipped(recipe, local)).toBe(forbids('GFDL-1.3-only', 'thing-doc'));
  expect(whySkipped(recipe, divided)).toBeUndefined();
  expect(whySkipped(`${recipe}PACKAGES = "\${PN}-doc"\n`, divided)).toBe(
    forbids('GFDL-1.3-only', 'thing-doc'),
  );
});

test.each([
  ['GPLv3', 'INCOMPATIBLE_LICENSE has GPLv3, a name that is no more in use: write GPL-3.0-only'],
  ['*', 'INCOMPATIBLE_LICENSE has *, and only AGPL-3.0*, GPL-3.0* and LGPL-3.0* stand for several licences'],
])('INCOMPATIBLE_LICENSE = "%s" is an error at its line', (names, message) => {
  expect(
    refusal(() => whySkipped('LICENSE = "MIT"\n', `\nINCOMPATIBLE_LICENSE = "${names}"\n`)),
  ).toMatchObject({
    fault: 'metadata',
    message,
    place: { file: '/build/conf/local.conf', line: 2 },
  });
});

test('an image of whole artifacts that alone forbids a licence is an error: nobody would look', () => {
  const recipe = 'LICENSE = "MIT"\ninherit image\n';
  const local = 'INCOMPATIBLE_LICENSE:pn-thing = "GPL-3.0*"\n';
  expect(refusal(() => whySkipped(recipe, local))).toMatchObject({
    message:
      'INCOMPATIBLE_LICENSE is said of thing alone, which is made of whole artifacts and not of packages',
    place: { file: '/build/conf/local.conf', line: 1 },
  });
  expect(whySkipped(recipe, `${local}PACKAGE_CLASSES = "package_deb"\n`)).toBeUndefined();
});

test('SKIP_RECIPE skips the recipe that it names, for the reason that it gives', () => {
  expect(whySkipped('', 'SKIP_RECIPE[thing] = "the board has no such chip"\n')).toBe(
    'the board has no such chip',
  );
  expect(whySkipped('', 'SKIP_RECIPE[other] = "broken"\n')).toBeUndefined();
});

test('a pattern that is none is an error at its line', () => {
  expect(refusal(() => whySkipped('\nCOMPATIBLE_MACHINE = "(qemu"\n'))).toMatchObject({
    fault: 'metadata',
    message: 'COMPATIBLE_MACHINE is "(qemu", which is not a pattern',
    place: { file: '/layers/meta/recipes/thing_1.bb', line: 2 },
  });
});

test('the version that fits the machine is chosen', () => {
  const { recipe } = read({
    files: {
      '/layers/meta/recipes/thing_1.bb': '',
      '/layers/meta/recipes/thing_2.bb': 'COMPATIBLE_MACHINE = "elsewhere"\n',
    },
  });
  expect(recipe('thing').version).toBe('1');
});

test('a native variant is not held to the machine where it says so', () => {
  const extended =
    'COMPATIBLE_MACHINE = "elsewhere"\nCOMPATIBLE_MACHINE:class-native = ""\nBBCLASSEXTEND = "native"\n';
  const { recipe } = read({ files: { '/layers/meta/recipes/thing_1.bb': extended } });
  expect([recipe('thing').skipped === undefined, recipe('thing-native').skipped === undefined]).toEqual([
    false,
    true,
  ]);
});

test('what is for an SDK is skipped with the reason, and BBCLASSEXTEND for one makes nothing', () => {
  const index = read({
    files: {
      '/layers/meta/recipes/nativesdk-qemu_1.bb': 'inherit nativesdk\n',
      '/layers/meta/recipes/zlib_1.bb': 'BBCLASSEXTEND = "native nativesdk"\n',
    },
  });
  expect(index.recipes().map(({ name, skipped }) => [name, skipped])).toEqual([
    ['nativesdk-qemu', 'varve makes no SDK yet, and the recipe is for one (nativesdk)'],
    ['zlib', undefined],
    ['zlib-native', undefined],
  ]);
  expect(refusal(() => index.recipe('nativesdk-zlib'))).toMatchObject({
    message: 'no recipe is called "nativesdk-zlib" or provides it',
    hints: expect.arrayContaining([
      'varve makes no SDK yet: what BBCLASSEXTEND of zlib says of nativesdk is passed over',
    ]),
  });
});
