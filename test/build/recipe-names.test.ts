/** What recipes may be called, and what is known of them then. */
import { expect, test } from 'vitest';
import { checkRecord } from '../../lib/operations/check-record.ts';
import { diffRevisions } from '../../lib/operations/diff-revisions.ts';
import { exportHistory } from '../../lib/operations/export-history.ts';
import { importHistory } from '../../lib/operations/import-history.ts';
import { listRecipes } from '../../lib/operations/list-recipes.ts';
import { showRevision } from '../../lib/operations/show-revision.ts';
import { buildDir, memoryBuild } from '../support/memory-build.ts';
import { plainRecipe } from '../support/workspace.ts';

const named = (text: string): string => plainRecipe({ do_compile: `echo ${text}`, do_install: 'echo' });

test('a recipe whose name is not ASCII is found by it in the record, in what is exported, and in imports', async () => {
  const w = memoryBuild({ files: { 'recipes/жук_1.bb': named('one'), 'recipes/é_1.bb': named('one') } });
  await w.build('жук');
  await w.build('é');
  expect(checkRecord(w.world, { buildDir })).toMatchObject({ damaged: [], withoutHistory: [] });
  w.write('recipes/жук_1.bb', named('two'));
  await w.build('жук');
  const { recipes } = diffRevisions(w.world, { buildDir, revs: ['@1', '@3'], paths: [] });
  expect(recipes?.map(({ recipe }) => recipe)).toEqual(['é', 'жук']);
  expect(await w.why('жук:compile')).toMatchObject({ causes: [{ kind: 'function', name: 'do_compile' }] });
  const { recipes: exported } = exportHistory(w.world, { buildDir, revs: ['@3'], file: '/x.varve' });
  expect(exported).toEqual(['x86_64/é', 'x86_64/жук']);
  importHistory(w.world, { buildDir, file: '/x.varve', name: 'ann' });
  const shown = showRevision(w.world, { buildDir, rev: 'é@ann@3:compile' });
  expect(shown).toMatchObject({ task: 'é:do_compile', ok: true });
});

test.each(['quote"', "it's", 'back\\slash', '-lead', 'two words', 'at@sign', 'line\r'])(
  'a recipe cannot be called %j, which no command could name',
  (name) => {
    const { world } = memoryBuild({ files: { [`recipes/${name}_1.bb`]: named('x') } });
    const [row, ...others] = listRecipes(world, { buildDir }, () => {});
    expect(row?.error?.message).toContain(`"${name}" cannot be a recipe's name`);
    expect(others).toEqual([]);
  },
);
