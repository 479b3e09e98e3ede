import { expect, test } from 'vitest';
import { layerConf, read, refusal } from './build-directory.ts';

/** The recipe files that a layer.conf with this BBFILES names. */
function filesOf(bbfiles: string, paths: readonly string[]): readonly string[] {
  const files = Object.fromEntries(paths.map((path) => [`/layers/meta/${path}`, '']));
  const conf = `BBPATH .= ":\${LAYERDIR}"\nBBFILES += "${bbfiles}"\nBBFILE_COLLECTIONS += "meta"\n`;
  const { recipeFiles } = read({
    files: { ...files, '/layers/meta/conf/layer.conf': conf },
    layers: ['/layers/meta'],
  });
  return recipeFiles.map(({ file }) => file.replace('/layers/meta/', ''));
}

test('a pattern is matched name by name', () => {
  const paths = ['a/x_1.bb', 'a/y_1.bb', 'b/x_1.bb', 'b/deep/x_1.bb', 'a/x.inc', '.git/x_1.bb'];
  expect(filesOf('${LAYERDIR}/*/*.bb', paths)).toEqual(['a/x_1.bb', 'a/y_1.bb', 'b/x_1.bb']);
  expect(filesOf('${LAYERDIR}/?/x_[0-9].bb', paths)).toEqual(['a/x_1.bb', 'b/x_1.bb']);
  expect(filesOf('${LAYERDIR}/[!a]/*.bb', paths)).toEqual(['b/x_1.bb']);
  expect(filesOf('${LAYERDIR}/b', paths)).toEqual(['b/deep/x_1.bb', 'b/x_1.bb']);
  expect(filesOf('${LAYERDIR}/a/x_1.bb ${LAYERDIR}/a/*.bb', paths)).toEqual(['a/x_1.bb', 'a/y_1.bb']);
  expect(filesOf('${LAYERDIR}/nowhere/*.bb', paths)).toEqual([]);
});

test('a name and a version are read from the name of the file', () => {
  const { recipeFiles } = read({
    files: { '/layers/meta/recipes/lib-a_1.2+git_r3.bb': '', '/layers/meta/recipes/image.bb': '' },
  });
  expect(recipeFiles.map(({ name, version }) => [name, version])).toEqual([
    ['image', undefined],
    ['lib-a', '1.2+git'],
  ]);
});

test('an append applies to its recipe, % to every ending, that of the weightier layer last', () => {
  const { recipe, warnings } = read({
    files: {
      '/layers/low/conf/layer.conf': layerConf('low', 'BBFILE_PRIORITY_low = "5"'),
      '/layers/high/conf/layer.conf': layerConf('high', 'BBFILE_PRIORITY_high = "9"'),
      '/layers/high/recipes/a_%.bbappend': 'BY = "high"\nBOTH .= " high"\n',
      '/layers/low/recipes/a_1.2.bbappend': 'BY = "low"\nBOTH .= " low"\n',
      '/layers/low/recipes/a_1.2.bb': 'BOTH = "recipe"\n',
      '/layers/low/recipes/a_1.3.bb': 'BOTH = "recipe"\nDEFAULT_PREFERENCE = "-1"\n',
    },
    layers: ['/layers/high', '/layers/low'],
  });
  const { data } = recipe('a');
  expect([data.get('PV'), data.get('BY'), data.get('BOTH')]).toEqual(['1.2', 'high', 'recipe low high']);
  expect(warnings).toEqual([]);
});

test('an append without a recipe is an error to a build, which says which recipes there are', () => {
  const files = {
    '/layers/meta/recipes/a_1.3.bb': '',
    '/layers/meta/recipes/a_1.2.bbappend': '',
  };
  expect(refusal(() => read({ files, strict: true }))).toEqual({
    fault: 'metadata',
    message: 'a_1.2.bbappend applies to no recipe of the layers',
    place: { file: '/layers/meta/recipes/a_1.2.bbappend' },
    hints: [
      'there is a_1.3.bb; a_%.bbappend applies to every version',
      'BB_DANGLINGAPPENDS_WARNONLY = "1" in conf/local.conf makes it a warning',
    ],
  });
});

test('an append without a recipe is a warning to other commands, and to a build that BB_DANGLINGAPPENDS_WARNONLY', () => {
  const gone = { '/layers/meta/recipes/gone_%.bbappend': '' };
  const warnOnly = { ...gone, '/build/conf/local.conf': 'BB_DANGLINGAPPENDS_WARNONLY = "1"\n' };
  const warning = {
    text: 'gone_%.bbappend applies to no recipe of the layers',
    place: { file: '/layers/meta/recipes/gone_%.bbappend' },
  };
  expect(read({ files: gone }).warnings).toEqual([warning]);
  expect(read({ files: warnOnly, strict: true }).warnings).toEqual([warning]);
});

test('BBMASK hides recipes and appends', () => {
  const { recipeFiles, warnings } = read({
    files: {
      '/layers/meta/recipes/a_1.bb': '',
      '/layers/meta/recipes/bad_1.bb': '',
      '/layers/meta/recipes/bad_%.bbappend': '',
      '/build/conf/local.conf': 'BBMASK = "/recipes/bad"\n',
    },
  });
  expect(recipeFiles.map(({ name }) => name)).toEqual(['a']);
  expect(warnings).toEqual([]);
});

test('BBFILES_DYNAMIC brings in recipes where another layer is there, or is not', () => {
  const dynamic = [
    'BBFILES_DYNAMIC += "low:${LAYERDIR}/with/*.bb"',
    'BBFILES_DYNAMIC += "gone:${LAYERDIR}/never/*.bb"',
    'BBFILES_DYNAMIC += "!gone:${LAYERDIR}/without/*.bb"',
  ];
  const { recipeFiles } = read({
    files: {
      '/layers/low/conf/layer.conf': layerConf('low'),
      '/layers/high/conf/layer.conf': layerConf('high', dynamic.join('\n')),
      '/layers/high/with/a_1.bb': '',
      '/layers/high/never/b_1.bb': '',
      '/layers/high/without/c_1.bb': '',
    },
    layers: ['/layers/high', '/layers/low'],
  });
  expect(recipeFiles.map(({ name }) => name)).toEqual(['a', 'c']);
});

test('an entry of BBFILES_DYNAMIC that names no layer is an error at its line', () => {
  const files = {
    '/layers/high/conf/layer.conf': layerConf('high', 'BBFILES_DYNAMIC += "${LAYERDIR}/with/*.bb"'),
  };
  expect(refusal(() => read({ files, layers: ['/layers/high'] }))).toEqual({
    fault: 'metadata',
    message: '"/layers/high/with/*.bb" in BBFILES_DYNAMIC is not of the form LAYER:PATTERN or !LAYER:PATTERN',
    place: { file: '/layers/high/conf/layer.conf', line: 5 },
    hints: [],
  });
});

test('a file belongs to the layer whose BBFILE_PATTERN fits, whatever is in its path', () => {
  const { recipeFiles } = read({
    files: {
      '/layers/c++_(x)/conf/layer.conf':
        'BBPATH .= ":${LAYERDIR}"\nBBFILES += "${LAYERDIR}/*.bb"\nBBFILE_COLLECTIONS += "plus"\nBBFILE_PATTERN_plus = "^${LAYERDIR_RE}/"\nBBFILE_PRIORITY_plus = "7"\n',
      '/layers/c++_(x)/a_1.bb': '',
    },
    layers: ['/layers/c++_(x)'],
  });
  expect(recipeFiles[0]?.layer).toEqual({ name: 'plus', path: '/layers/c++_(x)', priority: 7 });
});
