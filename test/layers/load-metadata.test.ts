import { expect, test } from 'vitest';
import { loadMetadata } from '../../lib/layers/load-metadata.ts';
import { memoryWorld } from '../support/memory-world.ts';
import { read, refusal } from './build-directory.ts';

test('the configuration is what layers, local.conf, machine and distro say', () => {
  const { config, places, layers } = read({
    files: {
      '/layers/meta/conf/machine/board.conf': 'FROM_MACHINE = "${MACHINE}"\nMACHINE_FEATURES = "usb"\n',
      '/layers/meta/conf/distro/mine.conf': 'FROM_DISTRO = "${DISTRO}"\n',
      '/build/conf/local.conf': 'MACHINE = "board"\nDISTRO = "mine"\nDL_DIR = "/shared/downloads"\n',
    },
  });
  const names = ['FROM_MACHINE', 'FROM_DISTRO', 'MACHINE_FEATURES', 'TOPDIR', 'BBPATH'];
  expect(names.map((name) => config.get(name))).toEqual([
    'board',
    'mine',
    'usb',
    '/build',
    '/build:/layers/meta:/varve/meta',
  ]);
  expect(places).toEqual({
    buildDir: '/build',
    tmpDir: '/build/tmp',
    downloadDir: '/shared/downloads',
    historyDir: '/build/history',
    artifactDir: '/build/artifacts',
    deployDir: '/build/tmp/deploy',
    pkgdataDir: '/build/tmp/pkgdata',
  });
  expect(layers).toEqual([{ name: 'meta', path: '/layers/meta', priority: 1 }]);
});

test('a recipe has the directories of the design, and what it says of itself', () => {
  const recipe = read({
    files: {
      '/layers/meta/recipes/zlib_1.3.bb':
        'DEPENDS = "bzip2 expat"\nPROVIDES += "virtual/z"\nRDEPENDS:${PN} = "lua (>= 5)"\nPACKAGE_ARCH = "board"\n',
      '/layers/meta/recipes/zlib_%.bbappend': 'DEPENDS += "jq"\n',
    },
  }).recipe('zlib');
  const { name, version, revision, packageArch, provides, depends, rdepends, native, dirs } = recipe;
  expect({ name, version, revision, packageArch, provides, depends, rdepends, native, dirs }).toEqual({
    name: 'zlib',
    version: '1.3',
    revision: 'r0',
    packageArch: 'board',
    provides: ['zlib', 'virtual/z'],
    depends: ['bzip2', 'expat', 'jq'],
    rdepends: ['lua'],
    native: false,
    dirs: {
      workdir: '/build/tmp/work/board/zlib',
      t: '/build/tmp/work/board/zlib/temp',
      d: '/build/tmp/work/board/zlib/image',
      s: '/build/tmp/work/board/zlib/sources/zlib-1.3',
      b: '/build/tmp/work/board/zlib/sources/zlib-1.3',
      sysroot: '/build/tmp/work/board/zlib/recipe-sysroot',
      sysrootNative: '/build/tmp/work/board/zlib/recipe-sysroot-native',
    },
  });
  expect(recipe.tasks.map((task) => task.name)).toContain('do_install');
});

test('a layer that brings its own bitbake.conf and base.bbclass replaces ours, and what the engine needs is there', () => {
  const { places, config, recipe } = read({
    files: {
      '/layers/meta/conf/bitbake.conf':
        'TARGET_ARCH = "arm"\nMACHINE = "unknown"\nOVERRIDES = "${TARGET_ARCH}"\n',
      '/layers/meta/classes/base.bbclass': 'do_install() {\n\t:\n}\naddtask install\n',
      '/layers/meta/recipes/a_2.bb': 'V = "plain"\nV:arm = "for arm"\n',
    },
  });
  expect(places.historyDir).toBe('/build/history');
  expect(config.get('DISTRO_FEATURES')).toBeUndefined();
  const { name, version, packageArch, dirs, tasks, data } = recipe('a');
  expect({
    name,
    version,
    packageArch,
    workdir: dirs.workdir,
    image: dirs.d,
    tasks,
    v: data.get('V'),
  }).toEqual({
    name: 'a',
    version: '2',
    packageArch: 'arm',
    workdir: '/build/tmp/work/arm/a',
    image: '/build/tmp/work/arm/a/image',
    tasks: [{ name: 'do_install', deps: [] }],
    v: 'for arm',
  });
});

test('of the caller, MACHINE, DISTRO and what BB_ENV_PASSTHROUGH names reach metadata, and nothing else', () => {
  const { config } = read({
    files: {
      '/layers/meta/conf/machine/board.conf': '',
      '/build/conf/local.conf': 'MACHINE ??= "host"\nNAMED ?= "from local.conf"\nDISTRO = "nodistro"\n',
    },
    env: {
      MACHINE: 'board',
      DISTRO: 'overruled',
      NAMED: 'from the caller',
      ADDED: 'too',
      OTHER: 'no',
      BB_ENV_PASSTHROUGH: 'NAMED',
      BB_ENV_PASSTHROUGH_ADDITIONS: 'ADDED',
    },
  });
  const names = ['MACHINE', 'DISTRO', 'NAMED', 'ADDED', 'OTHER'];
  expect(names.map((name) => config.get(name))).toEqual([
    'board',
    'nodistro',
    'from the caller',
    'too',
    undefined,
  ]);
});

test('classes named in INHERIT are part of every recipe', () => {
  const { recipe } = read({
    files: {
      '/build/conf/local.conf': 'INHERIT += "mark"\n',
      '/layers/meta/classes/mark.bbclass': 'MARK = "${PN} is marked"\n',
      '/layers/meta/recipes/a_1.bb': '',
    },
  });
  expect(recipe('a').data.get('MARK')).toBe('a is marked');
});

test('recipes are read when they are asked for: a broken one harms nobody else', () => {
  const { recipe, files } = read({
    files: {
      '/layers/meta/recipes/good_1.bb': '',
      '/layers/meta/recipes/broken_1.bb': 'SUMMARY = "no end\n',
    },
  });
  expect(recipe('good').name).toBe('good');
  expect(files()).not.toContain('/layers/meta/recipes/broken_1.bb');
  expect(refusal(() => recipe('broken'))).toMatchObject({
    fault: 'metadata',
    place: { file: '/layers/meta/recipes/broken_1.bb', line: 1 },
  });
});

test('BBCLASSEXTEND makes a native variant with a name and places of its own', () => {
  const { recipe } = read({
    files: {
      '/layers/meta/recipes/tool_1.bb':
        'DEPENDS = "lib m4-native"\nPROVIDES = "virtual/tool"\nBBCLASSEXTEND = "native"\n',
    },
  });
  const { name, native, depends, provides, dirs } = recipe('tool-native');
  expect({ name, native, depends, provides }).toEqual({
    name: 'tool-native',
    native: true,
    depends: ['lib-native'],
    provides: ['tool-native', 'virtual/tool-native'],
  });
  expect(dirs.workdir).not.toBe(recipe('tool').dirs.workdir);
  expect(recipe('tool').native).toBe(false);
});

test('without conf/bblayers.conf it is no build directory', () => {
  const request = { buildDir: '/build', python: () => never(), warn: () => {} };
  expect(refusal(() => loadMetadata(memoryWorld(), request))).toEqual({
    fault: 'usage',
    message: '/build is not a build directory: it has no conf/bblayers.conf',
    hints: ['varve init /build'],
  });
});

function never(): never {
  throw new Error('nobody asks for this');
}

test('a directory in BBLAYERS without conf/layer.conf is named, with the line that names it', () => {
  expect(refusal(() => read({ files: {}, layers: ['/layers/gone'] }))).toEqual({
    fault: 'metadata',
    message: '/layers/gone, named in BBLAYERS, does not exist',
    place: { file: '/build/conf/bblayers.conf', line: 1 },
    hints: ['write into BBLAYERS where the layer is now, or take it out'],
  });
});

test.each([
  ['/layers/mtea', '/layers/meta'],
  ['/layers/deeper/meta', '/layers/meta'],
  ['/meta', '/layers/meta'],
])('a layer that was moved, BBLAYERS still naming %s, is looked for nearby', (named, meant) => {
  const files = { '/layers/meta/conf/layer.conf': '' };
  expect(refusal(() => read({ files, layers: [named] }))).toMatchObject({
    message: `${named}, named in BBLAYERS, does not exist`,
    hints: [`did you mean ${meant}?`, 'write into BBLAYERS where the layer is now, or take it out'],
  });
});

test('a directory in BBLAYERS that is no layer is said to be none', () => {
  expect(refusal(() => read({ files: { '/layers/src/x': '' }, layers: ['/layers/src'] }))).toMatchObject({
    message: '/layers/src, named in BBLAYERS, is not a layer: it has no conf/layer.conf',
  });
});

test('a MACHINE that no layer has is refused where it is set, and the one that was meant is named', () => {
  const files = {
    '/layers/meta/conf/machine/board.conf': '',
    '/build/conf/local.conf': '\nMACHINE = "baord"\n',
  };
  expect(refusal(() => read({ files }))).toEqual({
    fault: 'metadata',
    message: 'MACHINE is "baord", and no layer has conf/machine/baord.conf',
    place: { file: '/build/conf/local.conf', line: 2 },
    hints: ['did you mean "board"?'],
  });
});

test('a DISTRO that no layer has is refused, and those that there are, are named', () => {
  const files = {
    '/layers/meta/conf/distro/mine.conf': '',
    '/build/conf/local.conf': 'DISTRO = "elsewhere"\n',
  };
  expect(refusal(() => read({ files }))).toMatchObject({
    message: 'DISTRO is "elsewhere", and no layer has conf/distro/elsewhere.conf',
    hints: ['there is nodistro, mine'],
  });
});

test('a MACHINE of the caller that no layer has is a warning: it may mean something else', () => {
  const { config, warnings } = read({ files: {}, env: { MACHINE: 'x86_64' } });
  expect(config.get('MACHINE')).toBe('x86_64');
  expect(warnings.map(({ text }) => text)).toEqual([
    'MACHINE is "x86_64", and no layer has conf/machine/x86_64.conf',
  ]);
});

test('an empty TMPDIR is refused: work would go on at the top of the disk', () => {
  expect(refusal(() => read({ files: { '/build/conf/local.conf': 'TMPDIR = ""\n' } }))).toEqual({
    fault: 'metadata',
    message: 'TMPDIR is empty: it names a directory',
    place: { file: '/build/conf/local.conf', line: 1 },
    hints: [],
  });
});

test.each(['', '..', 'a/b', 'x.git'])('"%s" is no PACKAGE_ARCH: histories are kept by it', (arch) => {
  const { recipe } = read({ files: { '/layers/meta/recipes/a_1.bb': `PACKAGE_ARCH = "${arch}"\n` } });
  expect(refusal(() => recipe('a'))).toMatchObject({
    message: `PACKAGE_ARCH is "${arch}", which cannot be the name of a directory`,
  });
});
