import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeWorkspace, plainRecipe } from '../support/workspace.ts';

const app = plainRecipe({ do_install: 'mkdir -p ${D}/etc' });

test('recipes lists those that can be read, then each of the others with its error, and ends with 2', () => {
  const w = makeWorkspace({
    files: { 'recipes/app_1.bb': app, 'recipes/bad_2.bb': 'SUMMARY = "fine"\nthis is not BitBake\n' },
  });
  const ran = w.varve('recipes');
  expect(ran.status).toBe(2);
  expect(ran.stdout).toMatch(/^app +1 +test +.*app_1\.bb\nbad +2 +test +.*bad_2\.bb +cannot be read\n$/);
  expect(ran.stderr).toMatch(/^error: .*bad_2\.bb:2.*\n.*this is not BitBake/m);

  const { status, stdout } = w.varve('recipes', '--json');
  expect(status).toBe(2);
  expect(JSON.parse(stdout)).toEqual([
    { name: 'app', version: '1', layer: 'test', file: join(w.layer, 'recipes/app_1.bb') },
    {
      name: 'bad',
      version: '2',
      layer: 'test',
      file: join(w.layer, 'recipes/bad_2.bb'),
      error: expect.objectContaining({ file: join(w.layer, 'recipes/bad_2.bb'), line: 2 }),
    },
  ]);
});
