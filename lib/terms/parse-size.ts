/** Reads a number of bytes as people write it: `500M`, `10G`, `1.5GiB`, `1048576`; undefined where it is none. */
export function parseSize(text: string): number | undefined {
  const [, count, unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?\s*$/i.exec(text) ?? [];
  if (count === undefined) return undefined;
  return Math.round(Number(count) * 1024 ** ' KMGT'.indexOf(unit.toUpperCase() || ' '));
}
