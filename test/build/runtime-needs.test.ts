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
      hints: ['where the target has it from elsewhere, say so in conf/local.conf: ASSUME_PROVIDED += "bash"'],
    },
    expect.objectContaining({
      about: 'app',
      text: expect.stringContaining('app_1.0.bb:4: app needs "arm-only" to run, which is skipped: '),
    }),
  ]);
  expect(events.at(-1)).toMatchObject({ event: 'build-finished', ok: true, warnings: 2 });
});

test('RDEPENDS that ASSUME_PROVIDED names is not spoken of', async () => {
  const b = memoryBuild({ files, local: 'ASSUME_PROVIDED += "bash arm-only"\n' });
  expect((await b.build('img')).filter(({ event }) => event === 'message')).toEqual([]);
});
