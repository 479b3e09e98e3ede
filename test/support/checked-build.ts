/** Two recipes built in memory, and what `varve fsck` finds in their record. */
import { type History, openHistory } from '../../lib/history/history.ts';
import { checkRecord, type CheckedRecord } from '../../lib/operations/check-record.ts';
import type { CommitId } from '../../lib/terms/ids.ts';
import { buildDir, memoryBuild, type MemoryBuild } from './memory-build.ts';
import { plainRecipe } from './workspace.ts';

const files = {
  'recipes/lib_1.bb': plainRecipe({ do_compile: 'echo lib', do_install: 'echo lib' }),
  'recipes/app_1.bb': plainRecipe({ do_compile: 'echo app', do_install: 'echo app' }, 'DEPENDS = "lib"\n'),
};
export const libGit = `${buildDir}/history/x86_64/lib.git`;
export const buildsGit = `${buildDir}/history/builds.git`;

/** Both recipes built in memory. */
export async function built(): Promise<MemoryBuild> {
  const memory = memoryBuild({ files });
  await memory.build('app');
  return memory;
}

export const check = ({ world }: MemoryBuild): CheckedRecord => checkRecord(world, { buildDir });

/** What is found, a line each: `#` stands for ids. */
export const found = (memory: MemoryBuild): readonly string[] =>
  check(memory).damaged.map(({ place, what }) =>
    `${place.slice(buildDir.length + 1)}: ${what}`.replaceAll(
      /[0-9a-f]{2}\/[0-9a-f]{38,}|[0-9a-f]{12,}/g,
      '#',
    ),
  );

/** The history of lib. */
export const lib = ({ world }: MemoryBuild): History =>
  openHistory({ fs: world.fs, gitDir: libGit, workdir: `${buildDir}/tmp/work/x86_64/lib`, now: () => 0 });

/** The commit that a tag of lib names. */
export const tagged = (memory: MemoryBuild, tag: string): CommitId =>
  lib(memory).refs.read(`refs/tags/${tag}`) as CommitId;
