import type { AcEntry } from '../artifacts/ac-entry.ts';
import { formatSize, formatTime } from './format-quantity.ts';
import { formatTable } from './format-table.ts';
import type { View } from './view.ts';

/** Lists artifacts, a line each. */
export function formatArtifacts(entries: readonly AcEntry[], { verbose }: View): string {
  if (entries.length === 0) return 'the store is empty\n';
  const short = (hex: string): string => (verbose ? hex : hex.slice(0, 12));
  return formatTable(
    entries.map(({ recipe, version, task, signature, id, archive }) => [
      recipe,
      version,
      task === 'do_install' ? '' : task,
      `signature ${short(signature)}`,
      `id ${short(id)}`,
      formatSize(archive.size),
    ]),
  );
}

/** Tells all that is known of one. */
export function formatArtifact(entry: AcEntry, { paint }: View): string {
  const { archive } = entry;
  const facts = [
    ['signature', entry.signature],
    ['id', entry.id],
    ['tree', entry.tree],
    ['archive', `${archive.sha256}, ${formatSize(archive.size)}, ${archive.compression}`],
    ['unpacked', formatSize(entry.unpacked)],
    ['times', formatTime(entry.time * 1000)],
    ['built by', `varve ${entry.builtBy.varve} on ${entry.builtBy.host}`],
  ];
  return `${paint.bold(`${entry.recipe} ${entry.version}`)}\n${formatTable(facts.map(([name = '', value = '']) => [`  ${name}`, value]))}`;
}

/** Tells what was written. */
export function formatExported(entry: AcEntry, file: string): string {
  return `${file}: ${entry.recipe} ${entry.version}, ${formatSize(entry.archive.size)}, sha256 ${entry.archive.sha256}\n`;
}
