import { type ElfForm, elfNumbers, type ReadName } from './elf-fields.ts';

/** A section, as its header has it. */
export interface ElfHeader {
  readonly name: string;
  readonly type: number;
  /** The section that this one goes with, by number. */
  readonly link: number;
  /** Code or data of the running program: no debug information, and nothing that only linkers read. */
  readonly isProgram: boolean;
  readonly size: number;
  /** Absent where the section takes no room in the file (.bss). */
  readonly content?: Buffer;
}

const [NONE, PROGBITS, NOBITS] = [0, 1, 8];
const ALLOC = 2;
/** Where a number stands in a header, or in the file's own. */
const WIDE = { start: 40, step: 58, count: 60, names: 62, offset: 24, size: 32, link: 40 } as const;
const NARROW = { start: 32, step: 46, count: 48, names: 50, offset: 16, size: 20, link: 24 } as const;

/** Reads the table of sections; the first is none. */
export function readElfHeaders(bytes: Buffer, form: ElfForm, name: ReadName): readonly ElfHeader[] {
  const { half, word, long } = elfNumbers(bytes, form);
  const at = form.wide ? WIDE : NARROW;
  const start = long(at.start);
  if (start === 0) return [];
  const step = half(at.step);
  // What 16 bits cannot tell stands in the first header.
  const count = half(at.count) || long(start + at.size);
  const named = half(at.names) === 0xffff ? word(start + at.link) : half(at.names);
  if (step <= at.link || count * step > bytes.length) throw new RangeError('no table of sections');
  const contentAt = (header: number): Buffer => part(bytes, long(header + at.offset), long(header + at.size));
  const names = named === 0 ? Buffer.alloc(1) : contentAt(start + named * step);
  let total = 0;
  return Array.from({ length: count }, (_, index): ElfHeader => {
    const header = start + index * step;
    const [type, size] = [word(header + 4), long(header + at.size)];
    const isHere = type !== NOBITS && type !== NONE;
    if (isHere) total += size;
    // Sections do not overlap; if they did, a small file could be read a million times over.
    if (total > bytes.length) throw new RangeError('sections are larger than the file');
    return {
      name: type === NONE ? '' : name(names, word(header)),
      type,
      link: word(header + at.link),
      isProgram: (type === PROGBITS || type === NOBITS) && (long(header + 8) & ALLOC) !== 0,
      size,
      ...(isHere && { content: contentAt(header) }),
    };
  });
}

function part(bytes: Buffer, start: number, size: number): Buffer {
  if (start + size > bytes.length) throw new RangeError('a section is beyond the end of the file');
  return bytes.subarray(start, start + size);
}
