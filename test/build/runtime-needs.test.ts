import { expect, test } from 'vitest';
import { memoryBuild } from '../support/memory-build.ts';
import { plainRecipe } from '../support/workspace.ts';

const image = `
inherit image
IMAGE_INSTALL = "app"
RDEPENDS += "bash (>= 5)"
`;
const app = plainRecipe(
  { do_compile: 'make', do_install: 'make install' },
  'RDEPENDS:${PN}-dev = "arm-only"\n',
);
const armOnly = plainRecipe({}, 'COMPATIBLE_MACHINE = "arm"\n');
const files = {
  'recipes/img_1.0.bb': image,
  'recipes/app_1.0.bb': app,
  'recipes/arm-only_1.0.bb': armOnly,
};

test('RDEPENDS that nothing provides is a warning with recipe, word and place, and the build goes on', async () => {
  const b = memoryBuild({ files });
  const events = await b.build('img');
  expect(events.flatMap((event) => (event.event === 'message' ? [event] : []))).toEqual([
    {
      event: 'message',
      level: 'warning',
      about: 'img',
      text: '/work/layer/recipes/img_1.0.bb:4: img needs "bash" to run, which no recipe provides',
      hints: [],
    },
    expect.objectContaining({
      about: 'app',
      text: expect.stringContaining('app_1.0.bb:4: app needs "arm-only" to run, which is skipped: '),
      hints: [
        'where the target has them from elsewhere, say so in conf/local.conf: ASSUME_PROVIDED += "bash arm-only"',
      ],
    }),
  ]);
  expect(events.at(-1)).toMatchObject({ event: 'build-finished', ok: true, warnings: 2 });
});

test('a name that many need to run, and nobody provides, is told once', async () => {
  const tools = ['a', 'b', 'c', 'd', 'e'];
  const needy = tools.map(
    (name) => [`recipes/${name}_1.bb`, plainRecipe({}, 'RDEPENDS:${PN} = "bash"\n')] as const,
  );
  const b = memoryBuild({
    files: {
      ...Object.fromEntries(needy),
      'recipes/img_1.0.bb': `inherit image\nIMAGE_INSTALL = "${tools.join(' ')}"\n`,
    },
  });
  const events = await b.build('img');
  expect(events.flatMap((event) => (event.event === 'message' ? [event.text] : []))).toEqual([
    expect.stringMatching(
      /e_1\.bb:\d+: e needs "bash" to run, which no recipe provides; so do d, c, b and 1 more$/,
    ),
  ]);
});

test('RDEPENDS that ASSUME_PROVIDED names is not spoken of', async () => {
  const b = memoryBuild({ files, local: 'ASSUME_PROVIDED += "bash arm-only"\n' });
  expect((await b.build('img')).filter(({ event }) => event === 'message')).toEqual([]);
});

test('license texts that nobody finds since COMMON_LICENSE_DIR is not set are told once', async () => {
  const sum = 'LIC_FILES_CHKSUM = "file://${COMMON_LICENSE_DIR}/MIT;md5=c0ffee"\n';
  const b = memoryBuild({
    files: {
      'recipes/img_1.0.bb': 'inherit image\nIMAGE_INSTALL = "a b"\n',
      'recipes/a_1.bb': plainRecipe({}, sum),
      'recipes/b_1.bb': plainRecipe({}, sum),
    },
  });
  const events = await b.build('img');
  expect(events.flatMap((event) => (event.event === 'message' ? [event] : []))).toEqual([
    {
      event: 'message',
      level: 'warning',
      about: 'a',
      text: '/work/layer/recipes/a_1.bb:4: COMMON_LICENSE_DIR is not set, so these license texts are neither checked nor kept: MIT, of a, b',
      hints: [
        'COMMON_LICENSE_DIR = "…"   in conf/local.conf says where they are: openembedded-core has them in meta/files/common-licenses',
      ],
    },
  ]);
});
