import { expect, test } from 'vitest';
import { describeRecipe } from '../../lib/execution/packaging/describe-recipe.ts';
import { parseOrigin } from '../../lib/packages/recipe-origin.ts';
import { memoryFileSystem } from '../support/memory-world.ts';
import { read } from '../layers/build-directory.ts';

test('sources are told by their own names, whatever SRC_URI says is to be made of them', () => {
  const { recipe } = read({ files: { '/layers/meta/recipes/a_1.bb': 'SPDXDIR = "/spdx"\n' } });
  const fs = memoryFileSystem();
  fs.mkdirSync('/spdx');
  const value = `sha256:${'0'.repeat(64)}`;
  const unpack = [
    {
      kind: 'source',
      name: 'http://ci:pw@host/vendor-2.0.tar.xz;subdir=main-2.0/vendor;striplevel=1',
      value,
    },
    { kind: 'file', name: 'tree;subdir=main-2.0/own/sub/x.c', value, at: '/tree/layer/files/tree/sub/x.c' },
    { kind: 'file', name: 'b/plain.c;subdir=main-2.0/own', value, at: '/b/plain.c/files/b/plain.c' },
  ] as const;
  describeRecipe({
    fs,
    recipe: recipe('a'),
    sources: { fetch: [], order: [], unpack, patch: [] },
    artifact: '',
    edited: true,
  });
  const origin = parseOrigin(fs.readFileSync('/spdx/recipe.json', 'utf8'));
  expect(origin.edited).toBe(true);
  expect(origin.sources.map(({ name }) => name)).toEqual([
    'http://host/vendor-2.0.tar.xz',
    'tree/sub/x.c',
    'b/plain.c',
  ]);
});
