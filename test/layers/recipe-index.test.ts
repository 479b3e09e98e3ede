import { expect, onTestFinished, test } from 'vitest';
import type { Python } from '../../lib/ports/python.ts';
import { startPython } from '../../lib/world/python-child.ts';
import { splitWords } from '../../lib/layers/split-words.ts';
import { layerConf, read, refusal } from './build-directory.ts';

test('of several versions the highest is chosen, by value and not by letter', () => {
  const { recipe, recipes } = read({
    files: { '/layers/meta/recipes/a_1.9.bb': '', '/layers/meta/recipes/a_1.10.bb': '' },
  });
  expect(recipe('a').version).toBe('1.10');
  expect(recipes().map(({ name, version }) => `${name} ${version}`)).toEqual(['a 1.10']);
});

test('the layer of the greater priority is chosen before the higher version', () => {
  const { recipe, layers } = read({
    files: {
      '/layers/low/conf/layer.conf': layerConf('low', 'BBFILE_PRIORITY_low = "5"'),
      '/layers/high/conf/layer.conf': layerConf('high', 'BBFILE_PRIORITY_high = "6"'),
      '/layers/low/recipes/a_2.bb': '',
      '/layers/high/recipes/a_1.bb': '',
    },
    layers: ['/layers/low', '/layers/high'],
  });
  expect(recipe('a')).toMatchObject({ version: '1', layer: { name: 'high', priority: 6 } });
  expect(layers.map(({ name }) => name)).toEqual(['low', 'high']);
});

test('PREFERRED_VERSION is chosen wherever it is; % leaves open how it goes on', () => {
  const files = {
    '/layers/meta/recipes/a_1.2.3.bb': '',
    '/layers/meta/recipes/a_2.0.bb': '',
    '/build/conf/local.conf': 'PREFERRED_VERSION_a = "1.2%"\n',
  };
  expect(read({ files }).recipe('a').version).toBe('1.2.3');
});

test('a PREFERRED_VERSION that is not there is a warning at its line, and the usual choice', () => {
  const files = {
    '/layers/meta/recipes/a_2.0.bb': '',
    '/build/conf/local.conf': '\nPREFERRED_VERSION_a = "3%"\n',
  };
  const { recipe, warnings } = read({ files });
  expect(recipe('a').version).toBe('2.0');
  expect(warnings).toEqual([
    {
      text: 'PREFERRED_VERSION_a asks for 3%, but there is only 2.0',
      place: { file: '/build/conf/local.conf', line: 2 },
    },
  ]);
});

test('DEFAULT_PREFERENCE holds a version back', () => {
  const files = {
    '/layers/meta/recipes/a_1.bb': '',
    '/layers/meta/recipes/a_2.bb': 'DEFAULT_PREFERENCE = "-1"\n',
  };
  expect(read({ files }).recipe('a').version).toBe('1');
});

test('a name is also found by PROVIDES, by a package, and by a PN set inside', () => {
  const { recipe } = read({
    files: {
      '/layers/meta/recipes/mesa_1.bb': 'PROVIDES += "virtual/gl"\n',
      '/layers/meta/recipes/zlib_1.bb': 'PACKAGES =+ "libz"\nRPROVIDES:libz = "z-runtime"\n',
      '/layers/meta/recipes/file_1.bb': 'PN = "inside"\n',
    },
  });
  expect(['virtual/gl', 'zlib-dev', 'libz', 'z-runtime', 'inside'].map((name) => recipe(name).name)).toEqual([
    'mesa',
    'zlib',
    'zlib',
    'zlib',
    'inside',
  ]);
  expect(refusal(() => recipe('file'))).toMatchObject({ fault: 'usage' });
});

test('an unknown recipe that a person typed: what was meant', () => {
  const { recipe } = read({ files: { '/layers/meta/recipes/zlib_1.bb': '' } });
  expect(refusal(() => recipe('zilb'))).toEqual({
    fault: 'usage',
    message: 'no recipe is called "zilb" or provides it',
    hints: ['did you mean "zlib"?', 'varve recipes   lists what the layers offer'],
  });
});

test.each(['/layers/meta/recipes/zlib_1.bb', 'zlib_1.bb', 'zlib_1', 'zlib-1.2.3', 'ZLIB'])(
  '"%s", typed for a recipe, means zlib',
  (typed) => {
    const { recipe } = read({ files: { '/layers/meta/recipes/zlib_1.bb': '' } });
    expect(refusal(() => recipe(typed))).toMatchObject({
      hints: expect.arrayContaining(['did you mean "zlib"?']),
    });
  },
);

test('an unknown name in DEPENDS: who asks, and in which line', () => {
  const { recipe } = read({
    files: {
      '/layers/meta/recipes/app_1.bb': 'SUMMARY = "app"\nDEPENDS = "other"\nDEPENDS += "nothing"\n',
      '/layers/meta/recipes/other_1.bb': '',
    },
  });
  recipe('app');
  expect(refusal(() => recipe('nothing', 'app'))).toEqual({
    fault: 'metadata',
    message: 'app needs "nothing", which no recipe provides',
    place: { file: '/layers/meta/recipes/app_1.bb', line: 3 },
    hints: [
      'varve recipes   lists what the layers offer',
      'where it is there without a recipe, say so in conf/local.conf: ASSUME_PROVIDED += "nothing"',
    ],
  });
});

test('what a feature of PACKAGECONFIG needs in vain is told with its line, and how to do without it', () => {
  const tool =
    'PACKAGECONFIG ??= "hwdb zlib"\nPACKAGECONFIG[zlib] = ",,zlib"\nPACKAGECONFIG[hwdb] = "HWDB=yes,HWDB=no,${NEEDED}"\nNEEDED = "udev"\n';
  const { recipe } = read({ files: { '/layers/meta/recipes/tool_1.bb': tool } });
  recipe('tool');
  expect(refusal(() => recipe('udev', 'tool'))).toMatchObject({
    message: 'tool needs "udev", which no recipe provides',
    place: { file: '/layers/meta/recipes/tool_1.bb', line: 3 },
    hints: expect.arrayContaining([
      'PACKAGECONFIG:remove:pn-tool = "hwdb"   in conf/local.conf does without, if the feature is not needed',
    ]),
  });
});

test('a dependency that names a variable without a value is told by that variable', () => {
  const group =
    'inherit packagegroup\nRDEPENDS:${PN} = "zlib ${@bb.utils.contains("A", "b", "${KEYS}", "", d)} ${INIT}"\n';
  const needed = (local: string) => {
    const files = {
      '/layers/meta/recipes/group_1.bb': group,
      '/layers/meta/recipes/zlib_1.bb': '',
      '/build/conf/local.conf': local,
    };
    const { recipe } = read({ files });
    const { data } = recipe('group');
    return splitWords(data.get('DEPENDS')).map((name) => recipe(name, 'group').name);
  };
  expect(refusal(() => needed(''))).toMatchObject({
    message: 'what group needs depends on KEYS, INIT, which have no values',
    place: { file: '/layers/meta/recipes/group_1.bb' },
    hints: ['KEYS = ""   in conf/local.conf or the distro says that it is nothing'],
  });
  expect(needed('KEYS = ""\nINIT = ""\n')).toEqual(['zlib']);
});

const broken = {
  '/layers/meta/recipes/bad_1.bb': 'SUMMARY = "fine"\nthis is not BitBake\n',
  '/layers/meta/recipes/zlib_1.bb': 'PROVIDES += "virtual/z"\n',
};

test('of all recipes those that cannot be read are told beside the others', () => {
  const { recipes, unreadable } = read({ files: broken }).survey();
  expect(recipes.map(({ name }) => name)).toEqual(['zlib']);
  expect(
    unreadable.map(({ name, version, file, error }) => ({ name, version, file, place: error.place })),
  ).toEqual([
    {
      name: 'bad',
      version: '1',
      file: '/layers/meta/recipes/bad_1.bb',
      place: expect.objectContaining({ file: '/layers/meta/recipes/bad_1.bb', line: 2 }),
    },
  ]);
});

test("a recipe that cannot be read is in nobody else's way", () => {
  expect(read({ files: broken }).recipe('zlib').version).toBe('1');
  expect(refusal(() => read({ files: broken }).recipe('zilb'))).toMatchObject({
    message: 'no recipe is called "zilb" or provides it',
    hints: [
      'did you mean "zlib"?',
      'varve recipes   lists what the layers offer, and says why 1 cannot be read',
    ],
  });
});

test('a name is given to no provider while a recipe cannot be read that might be another', () => {
  expect(refusal(() => read({ files: broken }).recipe('virtual/z'))).toMatchObject({
    message: 'virtual/z is provided by zlib, and perhaps by bad, which cannot be read',
    place: { file: '/layers/meta/recipes/bad_1.bb', line: 2 },
    hints: [
      'this line is no statement of the BitBake language',
      'PREFERRED_PROVIDER_virtual/z = "zlib"   in conf/local.conf says which is meant',
      'varve recipes   says why recipes cannot be read, and which BBMASK leaves them all out',
    ],
  });
});

test('of several that cannot be read none is picked to stand for them: the statement that asks is named', () => {
  const files = {
    ...broken,
    '/layers/meta/recipes/worse_1.bb': 'inherit nonsuch\n',
    '/layers/meta/recipes/app_1.bb': 'SUMMARY = "app"\nDEPENDS = "virtual/z"\n',
  };
  const asked = (local: string) => {
    const { recipe } = read({ files: { ...files, '/build/conf/local.conf': local } });
    recipe('app');
    return recipe('virtual/z', 'app').name;
  };
  expect(refusal(() => asked(''))).toMatchObject({
    message: 'virtual/z is provided by zlib, and perhaps by one of 2 recipes that cannot be read',
    place: { file: '/layers/meta/recipes/app_1.bb', line: 2 },
  });
  expect(asked('PREFERRED_PROVIDER_virtual/z = "zlib"\n')).toBe('zlib');
  expect(asked('BBMASK = "/bad_1 /worse_"\n')).toBe('zlib');
});

test('what is wrong with a recipe is told with the line of who needs it', () => {
  const { recipe } = read({
    files: { ...broken, '/layers/meta/recipes/app_1.bb': 'DEPENDS = "zlib"\nDEPENDS += "bad"\n' },
  });
  recipe('app');
  expect(refusal(() => recipe('bad', 'app'))).toMatchObject({
    place: {
      file: '/layers/meta/recipes/bad_1.bb',
      line: 2,
      via: [{ how: 'needed', file: '/layers/meta/recipes/app_1.bb', line: 2 }],
    },
  });
});

const skipping = "python () {\n    raise bb.parse.SkipRecipe('no such board')\n}\n";

/** A python3 that ends with the test. */
function python(): () => Python {
  const child = startPython(process.env['PATH'] ?? '');
  onTestFinished(() => child.close());
  return () => child;
}

test('the day of a build is that of its sources, in every build', () => {
  const { recipe } = read({
    files: {
      '/layers/meta/recipes/clock_1.bb':
        "SOURCE_DATE_EPOCH = \"1700000000\"\nSHOWN = \"${@d.getVar('DATETIME').replace('${DATE}', '')}\"\n",
    },
    python: python(),
  });
  const { data } = recipe('clock');
  expect(['DATE', 'TIME', 'DATETIME', 'SHOWN'].map((name) => data.get(name))).toEqual([
    '20231114',
    '221320',
    '20231114221320',
    '221320',
  ]);
});

test('a recipe that is not for this configuration is there with its reason, and refused to who needs it', () => {
  const { recipe, recipes } = read({
    files: {
      '/layers/meta/recipes/driver_1.bb': skipping,
      '/layers/meta/recipes/app_1.bb': 'DEPENDS = "driver"\n',
    },
    python: python(),
  });
  recipe('app');
  expect(recipes().map(({ name, skipped }) => [name, skipped])).toEqual([
    ['app', undefined],
    ['driver', 'no such board'],
  ]);
  expect(refusal(() => recipe('driver', 'app'))).toEqual({
    fault: 'metadata',
    message: 'app needs driver, which is skipped: no such board',
    place: { file: '/layers/meta/recipes/app_1.bb', line: 1 },
    hints: [],
  });
});

test('a version that is skipped, and a provider that is, leave the choice to the others', () => {
  const { recipe } = read({
    files: {
      '/layers/meta/recipes/a_1.bb': 'PROVIDES += "virtual/x"\n',
      '/layers/meta/recipes/a_2.bb': skipping,
      '/layers/meta/recipes/b_1.bb': `PROVIDES += "virtual/x"\n${skipping}`,
    },
    python: python(),
  });
  expect(recipe('a').version).toBe('1');
  expect(recipe('virtual/x').name).toBe('a');
});
