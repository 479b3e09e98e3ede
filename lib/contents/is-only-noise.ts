/** What differs from build to build though nothing was changed: times, build ids, paths of build directories. */
import { archiveTimes } from './read-archive.ts';
import { BUILD_ID_SECTION, readElf } from './read-elf.ts';

/**
 * Whether two contents differ, and are equal with each of these taken out:
 * - a date with a time of day, as ISO 8601, `date`, ctime and mail have it; what `__DATE__` gives, with or without a time
 * - in a file that is no text, a string that is a time of day, as `__TIME__` gives it
 * - what stands before `/tmp/work/ARCH/RECIPE` in an absolute path; the name of a temporary file of gcc's
 * - the build id of an ELF file, times in the headers of `ar` and gzip
 *
 * In a file that is no text, all of these must stand at the same place and be of the same length. Whatever else there is
 * (compressed times, paths of other lengths in a program) is no noise here: to show too much is better than too little.
 */
export function isOnlyNoise(from: Buffer, to: Buffer): boolean {
  if (from.equals(to)) return false;
  if (isText(from) && isText(to)) return withoutNoise(textOf(from), 1) === withoutNoise(textOf(to), 1);
  return from.length === to.length && quieted(from) === quieted(to);
}

function isText(bytes: Buffer): boolean {
  return !bytes.includes(0);
}

/** Bytes as characters up to 255; what stands for noise is beyond. */
function textOf(bytes: Buffer): string {
  return bytes.toString('latin1');
}

const [MONTH, DAY] = [
  '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)',
  '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)',
];
const CLOCK = '(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d';
const DATES = [
  `\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])[T ]${CLOCK}(?:[.,]\\d{1,9})?(?: ?(?:Z|UTC|[+-]\\d\\d:?\\d\\d))?`,
  `${DAY} ${MONTH} [ \\d]\\d ${CLOCK}(?: [AP]M)?(?: [A-Z]{3,5})? \\d{4}`,
  `${DAY}, [ \\d]?\\d ${MONTH} \\d{4} ${CLOCK}(?: (?:[A-Z]{3,5}|[+-]\\d{4}))?`,
  `${MONTH} [ \\d]\\d \\d{4}(?:,? ${CLOCK})?`,
];
/** Each kind of noise, and what stands for it. */
const NOISE: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`(?<![\\w.:-])(?:${DATES.join('|')})(?![\\w:])`, 'g'), '\u0100'],
  [/(?<![\w.+~@/-])(?:\/[\w.+~@-]+)+(?=\/tmp\/work\/[\w.+-]+\/[\w.+-]+)/g, '\u0101'],
  [/(?<![\w.+~@/-])\/tmp\/cc[A-Za-z0-9]{6}(?=\.[a-z])/g, '\u0102'],
];
// oxlint-disable-next-line no-control-regex -- strings of a program end with it
const LONE_CLOCK = new RegExp(`(?<=\\0)${CLOCK}(?=\\0)`, 'g');

/** With each piece of noise one character, or as many as it has. */
function withoutNoise(text: string, length: 1 | 'same'): string {
  return NOISE.reduce(
    (rest, [pattern, sign]) =>
      rest.replaceAll(pattern, (noise) => (length === 1 ? sign : sign.repeat(noise.length))),
    text,
  );
}

/** A file that is no text, at its own length. */
function quieted(bytes: Buffer): string {
  const copy = Buffer.from(bytes);
  if (copy.subarray(0, 3).equals(GZIP)) copy.fill(0, 4, 8);
  for (const { name, content } of readElf(copy)?.sections ?? [])
    if (name === BUILD_ID_SECTION) content?.fill(0, 16);
  for (const start of archiveTimes(copy)) copy.fill(0, start, start + 12);
  return withoutNoise(textOf(copy), 'same').replaceAll(LONE_CLOCK, (noise) => '\u0103'.repeat(noise.length));
}

/** The first three bytes of a gzip file whose content is deflated. */
const GZIP = Buffer.from([0x1f, 0x8b, 8]);
