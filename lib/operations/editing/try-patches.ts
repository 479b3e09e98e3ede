import { dirname, join } from 'node:path';
import { removeTree } from '../../execution/workdir/remove-tree.ts';
import type { World } from '../../ports/world.ts';
import { runPatch } from '../../sources/apply-patches.ts';
import type { PatchedFile } from '../../sources/format-mail-patch.ts';
import { shownPath } from '../../trees/raw-text.ts';

export interface Trial {
  /** In the order in which they are applied. */
  readonly patches: readonly { readonly name: string; readonly text: Buffer }[];
  /** What they are about, relative to S: as it is before, and as it has to be after. */
  readonly files: readonly PatchedFile[];
}

/** Why patches cannot be applied one after another, or do not make of files what they should; undefined: they do. */
export function tryPatches(world: World, { patches, files }: Trial): string | undefined {
  const { fs } = world;
  const parent = world.env['TMPDIR'] ?? '/tmp';
  fs.mkdirSync(parent, { recursive: true });
  const scratch = fs.mkdtempSync(join(parent, 'varve-patch-'));
  const dir = join(scratch, 'sources');
  const placeOf = (raw: string): Buffer =>
    Buffer.concat([Buffer.from(`${dir}/`), Buffer.from(raw, 'latin1')]);
  try {
    fs.mkdirSync(dir);
    for (const { path, from } of files) {
      if (from === undefined) continue;
      fs.mkdirSync(placeOf(dirname(path)), { recursive: true });
      fs.writeFileSync(placeOf(path), from.content, { mode: from.mode & 0o777 });
    }
    for (const { name, text } of patches) {
      const path = join(scratch, 'patch');
      fs.writeFileSync(path, text);
      const { status, stdout } = runPatch(world, { dir, path, striplevel: 1 });
      // Where there is no program patch nothing can be tried, and nothing is applied either.
      if (status === null || status === 127) return undefined;
      if (status !== 0) return `${name} does not apply: ${stdout.toString('utf8').trim().split('\n').at(-1)}`;
    }
    const other = files.find(({ path, to }) => {
      const stat = fs.lstatSync(placeOf(path), { throwIfNoEntry: false });
      if (stat === undefined || to === undefined) return (stat === undefined) !== (to === undefined);
      const isProgram = (mode: number): boolean => (mode & 0o100) !== 0;
      return (
        isProgram(stat.mode) !== isProgram(to.mode) || !fs.readFileSync(placeOf(path)).equals(to.content)
      );
    });
    return other === undefined ? undefined : `${shownPath(other.path)} would not become what was typed`;
  } finally {
    removeTree(world, scratch);
  }
}
