/** What is in a static library (`ar`). */

export interface ArchiveMember {
  readonly name: string;
  /** Time, owner and mode, as text. */
  readonly facts: string;
  /** Where its header stands. */
  readonly start: number;
  readonly content: Buffer;
}

const MAGIC = '!<arch>\n';
const HEADER = 60;
const LONGEST_NAME = 4096;

/** Whether a file begins as static libraries do. */
export function isArchive(bytes: Buffer): boolean {
  return bytes.toString('latin1', 0, MAGIC.length) === MAGIC;
}

/** Lists the members, without what the library itself needs to find them; undefined where it is none, or damaged. */
export function readArchive(bytes: Buffer): readonly ArchiveMember[] | undefined {
  if (!isArchive(bytes)) return undefined;
  const members: ArchiveMember[] = [];
  let longNames: Buffer = Buffer.alloc(0);
  for (let start = MAGIC.length; start < bytes.length;) {
    const header = bytes.toString('latin1', start, start + HEADER);
    const size = /^\d+ *$/.test(header.slice(48, 58)) ? Number(header.slice(48, 58)) : -1;
    const content = bytes.subarray(start + HEADER, start + HEADER + size);
    if (!header.endsWith('`\n') || size < 0 || content.length !== size) return undefined;
    const field = header.slice(0, 16).trimEnd();
    const bsd = /^#1\/(\d+)$/.exec(field)?.[1];
    const own = Math.min(Number(bsd ?? 0), size);
    if (field === '//') longNames = content;
    else if (!/^\/(?:SYM64\/)?$/.test(field))
      members.push({
        name: bsd === undefined ? nameOf(field, longNames) : untilNul(content.subarray(0, own)),
        facts: header.slice(16, 48),
        start,
        content: content.subarray(own),
      });
    start += HEADER + size + (size % 2);
  }
  return members;
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
