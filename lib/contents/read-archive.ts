/** What is in a static library (`ar`). */

export interface ArchiveMember {
  readonly name: string;
  /** Time, owner and mode, as text. */
  readonly facts: string;
  readonly content: Buffer;
}

const MAGIC = '!<arch>\n';
const HEADER = 60;
const LONGEST_NAME = 4096;

/** Lists the members, without what the library itself needs to find them; undefined where it is none, or damaged. */
export function readArchive(bytes: Buffer): readonly ArchiveMember[] | undefined {
  const parts = partsOf(bytes);
  const longNames = parts?.find(({ field }) => field === '//')?.content ?? Buffer.alloc(0);
  return parts
    ?.filter(({ field }) => !/^\/(?:\/|SYM64\/)?$/.test(field))
    .map(({ field, facts, content }) => {
      const bsd = /^#1\/(\d+)$/.exec(field)?.[1];
      if (bsd === undefined) return { name: nameOf(field, longNames), facts, content };
      const size = Math.min(Number(bsd), content.length);
      return { name: untilNul(content.subarray(0, size)), facts, content: content.subarray(size) };
    });
}

/** Where the times of all members stand, twelve bytes each, those of its own tables too; none: it is no library. */
export function archiveTimes(bytes: Buffer): readonly number[] {
  return (partsOf(bytes) ?? []).map(({ start }) => start + 16);
}

interface Part {
  /** Where its header stands. */
  readonly start: number;
  readonly field: string;
  readonly facts: string;
  readonly content: Buffer;
}

function partsOf(bytes: Buffer): readonly Part[] | undefined {
  if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) return undefined;
  const parts: Part[] = [];
  for (let start = MAGIC.length; start < bytes.length;) {
    const header = bytes.toString('latin1', start, start + HEADER);
    const size = /^\d+ *$/.test(header.slice(48, 58)) ? Number(header.slice(48, 58)) : -1;
    const content = bytes.subarray(start + HEADER, start + HEADER + size);
    if (!header.endsWith('`\n') || size < 0 || content.length !== size) return undefined;
    parts.push({ start, field: header.slice(0, 16).trimEnd(), facts: header.slice(16, 48), content });
    start += HEADER + size + (size % 2);
  }
  return parts;
}

/** A name of more than 15 bytes stands in a table of such. */
function nameOf(field: string, longNames: Buffer): string {
  const at = /^\/(\d+)$/.exec(field)?.[1];
  if (at === undefined) return field.replace(/\/$/, '');
  const rest = longNames.subarray(Number(at), Number(at) + LONGEST_NAME);
  const end = rest.indexOf('/\n');
  return end < 0 ? field : rest.toString('utf8', 0, end);
}

function untilNul(name: Buffer): string {
  const end = name.indexOf(0);
  return name.toString('utf8', 0, end < 0 ? name.length : end);
}
