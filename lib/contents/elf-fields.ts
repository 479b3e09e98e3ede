/** Numbers and names in an ELF file: of 32 or 64 bits, of either byte order. A RangeError where the bytes end before. */

export interface ElfForm {
  /** Addresses have 64 bits. */
  readonly wide: boolean;
  readonly little: boolean;
}

/** Reads the numbers in a part of the file, counted from its start. */
export interface ElfNumbers {
  byte(at: number): number;
  half(at: number): number;
  word(at: number): number;
  /** A number as wide as an address; one beyond 2^53 is told inexactly. */
  long(at: number): number;
}

/** Tells from the first bytes of a file how its numbers are written. */
export function elfForm(bytes: Buffer): ElfForm {
  const [, , , , width, order] = bytes;
  if ((width !== 1 && width !== 2) || (order !== 1 && order !== 2))
    throw new RangeError('neither width nor byte order');
  return { wide: width === 2, little: order === 1 };
}

/** Opens a part of the file. */
export function elfNumbers(bytes: Buffer, { wide, little }: ElfForm): ElfNumbers {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const word = (at: number): number => view.getUint32(at, little);
  return {
    byte: (at) => view.getUint8(at),
    half: (at) => view.getUint16(at, little),
    word,
    long: (at) => (wide ? Number(view.getBigUint64(at, little)) : word(at)),
  };
}

/** Reads the name that begins at `at` in a table of names. */
export type ReadName = (table: Buffer, at: number) => string;

/** Names may share their bytes, but all together are not many times the file: else a small one would fill the memory. */
const NAMES_PER_SIZE = 4;
const NAMES_AT_LEAST = 1 << 16;

/** Reads the names of a file of that size. */
export function elfNames(size: number): ReadName {
  let room = size * NAMES_PER_SIZE + NAMES_AT_LEAST;
  return (table, at) => {
    const end = table.indexOf(0, at);
    if (end < 0 || at >= table.length) throw new RangeError('a name is beyond its table');
    room -= end - at;
    if (room < 0) throw new RangeError('names are longer than the file');
    return table.toString('utf8', at, end);
  };
}
