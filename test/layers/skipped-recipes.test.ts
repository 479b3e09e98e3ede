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
