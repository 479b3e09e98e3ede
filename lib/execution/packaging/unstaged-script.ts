import { DEFAULT_IMAGE, below } from '../../trees/tree-metadata.ts';
import type { Entry } from '../../ports/objects.ts';
import type { SysrootPart } from '../../sysroot/compose-sysroot.ts';
import { stagingRule } from '../../sysroot/staging-rule.ts';
import { byCodeUnit } from '../../terms/ids.ts';
import { shellWord } from '../../terms/shell-word.ts';
import { listEntries } from '../../trees/list-entries.ts';

/**
 * Writes a shell script (raw) that gives a copy of a sysroot, in the current directory, what artifacts have and sysroots do
 * not: fifos, files with several names, directories that are closed to their owner.
 */
export function unstagedScript(parts: readonly SysrootPart[]): string {
  const made: string[] = [];
  const modes = new Map<string, number>();
  for (const { objects, tree, dirs } of parts) {
    const isStaged = stagingRule(dirs);
    for (const entry of listEntries(objects, tree, { under: DEFAULT_IMAGE })) {
      const { kind, mode } = entry;
      const name = below(DEFAULT_IMAGE, entry.path);
      if (name === '' || !isStaged(name, kind)) continue;
      if (kind === 'dir') modes.set(name, (modes.get(name) ?? 0) | mode);
      if (kind === 'fifo') made.push(...fifo(name, entry));
      const other = entry.hardlinkTo && below(DEFAULT_IMAGE, entry.hardlinkTo);
      if (other !== undefined && isStaged(other, kind))
        made.push(`ln -f ${shellWord(`./${other}`)} ${shellWord(`./${name}`)}`);
    }
  }
  const closed = [...modes]
    .filter(([, mode]) => (mode & 0o700) !== 0o700)
    // What is in a directory before the directory.
    .toSorted(([a], [b]) => byCodeUnit(b, a))
    .map(([name, mode]) => `chmod ${mode.toString(8).padStart(4, '0')} ${shellWord(`./${name}`)}`);
  return [...made, ...closed].map((line) => `${line}\n`).join('');
}

function fifo(name: string, { mode, uid, gid }: Entry): readonly string[] {
  const path = shellWord(`./${name}`);
  // Nobody else may give it away.
  const owned =
    (uid ?? gid) === undefined ? [] : [`[ -z "$FAKEROOTKEY" ] || chown ${uid ?? 0}:${gid ?? 0} ${path}`];
  return [`mkfifo -m ${mode.toString(8)} ${path}`, ...owned];
}
