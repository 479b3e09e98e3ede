import { expect, test } from 'vitest';
import { showRevision } from '../../lib/operations/show-revision.ts';
import { buildDir, memoryBuild, type MemoryBuild } from '../support/memory-build.ts';
import { plainRecipe } from '../support/workspace.ts';

const tasks = { do_compile: 'echo compiled', do_install: 'echo installed' };

async function built(): Promise<MemoryBuild> {
  const w = memoryBuild({
    files: {
      'recipes/lib_1.bb': plainRecipe(tasks, 'do_tool() {\n\t:\n}\naddtask tool after do_patch\n'),
      'recipes/app_1.bb': plainRecipe(tasks, 'DEPENDS = "lib"\ndo_compile[depends] = "lib:do_tool"\n'),
      'recipes/other_1.bb': plainRecipe(tasks),
    },
  });
  await w.build('app');
  await w.build('other');
  return w;
}

/** Those up to do_install: all that come after stand on that. */
function consumers(w: MemoryBuild, rev: string): readonly string[] {
  const shown = showRevision(w.world, { buildDir, rev });
  return shown.kind === 'build'
    ? []
    : shown.consumers.filter((id) => !/:do_(populate_\w+|packagedata|build)$/.test(id));
}

test('of a task show tells who was given what it made: tasks of its recipe and of others', async () => {
  const w = await built();
  expect(consumers(w, 'lib:patch')).toEqual([
    'lib:do_prepare_recipe_sysroot',
    'lib:do_configure',
    'lib:do_tool',
  ]);
  expect(consumers(w, 'lib:tool')).toEqual(['app:do_compile']);
  expect(consumers(w, 'app:compile')).toEqual(['app:do_install']);
});

test('of an artifact it tells whose sysroots it is in', async () => {
  const w = await built();
  const inSysroot = ['prepare_recipe_sysroot', 'configure', 'compile', 'install'];
  const expected = inSysroot.map((task) => `app:do_${task}`);
  expect(consumers(w, 'lib')).toEqual(expected);
  expect(consumers(w, 'lib:install')).toEqual(expected);
});
