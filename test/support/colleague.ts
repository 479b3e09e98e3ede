/** A colleague's failed build in memory, as a file, and a build directory that takes it in. */
import { exportHistory } from '../../lib/operations/export-history.ts';
import { importHistory } from '../../lib/operations/import-history.ts';
import { buildDir, memoryBuild, type MemoryBuild } from './memory-build.ts';
import { plainRecipe } from './workspace.ts';

export const recipe = (compile: string, further = ''): string =>
  plainRecipe({ do_compile: compile, do_install: 'echo installed' }, further);
export const files = (compile: string) => ({
  'recipes/lib_1.bb': recipe('echo lib'),
  'recipes/app_1.bb': recipe(compile, 'DEPENDS = "lib"\n'),
});
export const file = '/shared.varve';

/** A colleague's build of app that failed in do_compile, exported whole. */
export async function colleague(): Promise<MemoryBuild> {
  const memory = memoryBuild({ files: files('exit 1') });
  await memory.build('app');
  exportHistory(memory.world, { buildDir, revs: ['@1'], file });
  return memory;
}

/** One's own build directory, in which nothing of it was built, and the colleague's file. */
export async function receiver(from?: MemoryBuild): Promise<MemoryBuild> {
  const memory = memoryBuild({ files: files('echo app') });
  memory.world.fs.writeFileSync(file, (from ?? (await colleague())).world.fs.readFileSync(file));
  return memory;
}

export const chain = { buildDir, across: false, paths: [] };
export const importInto = ({ world }: MemoryBuild) => importHistory(world, { buildDir, file, name: 'ann' });
