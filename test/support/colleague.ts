/** A colleague's failed build in memory, as a file, and a build directory that takes it in. */
import { expect } from 'vitest';
import { readMembers, writeMembers } from '../../lib/artifacts/members-file.ts';
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

export type Pieces = readonly (readonly [name: string, bytes: Buffer])[];

/** The members of the file. */
export function members({ world: { fs } }: MemoryBuild): Pieces {
  const found: (readonly [string, Buffer])[] = [];
  readMembers(fs, file, ({ name, size, read }) => {
    const bytes = Buffer.alloc(size);
    for (let filled = 0; filled < size;) filled += read(bytes.subarray(filled));
    found.push([name, bytes]);
  });
  return found;
}

/** Writes the file anew with other members, and says why it is not taken in; nothing of it may be left. */
export function refusal(to: MemoryBuild, pieces: Pieces): string {
  const { fs } = to.world;
  writeMembers(fs, file, (put) => {
    for (const [name, bytes] of pieces) put(name, { size: bytes.length, pieces: () => [bytes] });
  });
  try {
    importInto(to);
  } catch (error) {
    expect(fs.readdirSync(`${buildDir}/imports`)).toEqual([]);
    return (error as Error).message.replace(/^.*cannot be taken in: /, '').replaceAll(/[0-9a-f]{12,}/g, '#');
  }
  throw new Error('it was taken in');
}
