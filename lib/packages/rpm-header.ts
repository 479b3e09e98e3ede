/**
 * The table of numbered values that an .rpm has twice: for its checksums, and for what it says of itself. A first value
 * stands for all of the table, so that rpm can tell what was added to it later. Texts are raw.
 */

export type RpmValue =
  | { readonly type: 'chars' | 'int16' | 'int32'; readonly values: readonly number[] }
  | { readonly type: 'string' | 'strings' | 'localised'; readonly values: readonly string[] };

/** By their numbers. */
export type RpmValues = ReadonlyMap<number, RpmValue>;

/** Which table it is. */
export const REGION = { signature: 62, header: 63 } as const;

const MAGIC = Buffer.from([0x8e, 0xad, 0xe8, 1, 0, 0, 0, 0]);
const INTRO = 16;
const ENTRY = 16;
const TYPES = { chars: 1, int16: 3, int32: 4, string: 6, binary: 7, strings: 8, localised: 9 } as const;
/** Bytes of a number, to a multiple of which it is moved. */
const WIDTHS = { int16: 2, int32: 4 } as const;

/** Writes a table, its values in the order of their numbers; those without any are left out. */
export function encodeRpmHeader(region: number, values: RpmValues): Buffer {
  const { entries, store } = layOut(values, 0);
  const count = entries.length + 1;
  const whole = entryOf(region, TYPES.binary, store.length, ENTRY);
  const end = entryOf(region, TYPES.binary, -count * ENTRY, ENTRY);
  const size = store.length + end.length;
  return Buffer.concat([MAGIC, numbers([count, size]), whole, ...entries, store, end]);
}

/** What rpm keeps of a package that it installed: its table without the magic number, and behind it what was added to it. */
export function encodeInstalled(header: Buffer, added: RpmValues): Buffer {
  const [count, size] = [0, 4].map((field) => header.readUInt32BE(MAGIC.length + field)) as [number, number];
  const start = INTRO + count * ENTRY;
  const { entries, store } = layOut(added, size);
  return Buffer.concat([
    numbers([count + entries.length, size + store.length]),
    header.subarray(INTRO, start),
    ...entries,
    header.subarray(start),
    store,
  ]);
}

/** Values as they stand in a table whose store has `before` bytes already. */
function layOut(
  values: RpmValues,
  before: number,
): { readonly entries: readonly Buffer[]; readonly store: Buffer } {
  const told = [...values].filter((one) => one[1].values.length > 0).toSorted(([a], [b]) => a - b);
  const store: Buffer[] = [];
  let size = before;
  const put = (bytes: Buffer): void => {
    store.push(bytes);
    size += bytes.length;
  };
  const entries = told.map(([tag, value]) => {
    if (value.type === 'int16' || value.type === 'int32') put(filling(size, WIDTHS[value.type]));
    const entry = entryOf(tag, TYPES[value.type], size, value.values.length);
    put(bytesOf(value));
    return entry;
  });
  return { entries, store: Buffer.concat(store) };
}

/** Reads the table that begins at `at`, all texts as `strings`; undefined: there is none, or not all of it. */
export function decodeRpmHeader(
  bytes: Buffer,
  at: number,
): { readonly values: RpmValues; readonly end: number } | undefined {
  if (bytes.length < at + INTRO || !bytes.subarray(at, at + MAGIC.length).equals(MAGIC)) return undefined;
  const count = bytes.readUInt32BE(at + MAGIC.length);
  const start = at + INTRO + count * ENTRY;
  const end = start + bytes.readUInt32BE(at + MAGIC.length + 4);
  if (bytes.length < end) return undefined;
  const values = new Map<number, RpmValue>();
  for (let entry = at + INTRO; entry < start; entry += ENTRY) {
    const [tag, type, offset, length] = [0, 4, 8, 12].map((field) => bytes.readUInt32BE(entry + field));
    const found = valueOf(bytes.subarray(start + (offset ?? 0), end), type ?? 0, length ?? 0);
    if (tag !== undefined && found !== undefined) values.set(tag, found);
  }
  return { values, end };
}

function entryOf(tag: number, type: number, offset: number, count: number): Buffer {
  return numbers([tag, type, offset, count]);
}

function numbers(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  // A region is told by how far before its end it begins.
  values.forEach((value, index) => bytes.writeInt32BE(value | 0, 4 * index));
  return bytes;
}

function bytesOf(value: RpmValue): Buffer {
  switch (value.type) {
    case 'chars':
      return Buffer.from(value.values);
    case 'int32':
      return numbers(value.values);
    case 'int16': {
      const bytes = Buffer.alloc(2 * value.values.length);
      value.values.forEach((one, index) => bytes.writeUInt16BE(one, 2 * index));
      return bytes;
    }
    case 'string':
    case 'strings':
    case 'localised':
      return Buffer.from(value.values.map((one) => `${one}\0`).join(''), 'latin1');
    default:
      return value satisfies never;
  }
}

function valueOf(bytes: Buffer, code: number, count: number): RpmValue | undefined {
  switch (code) {
    case TYPES.int16:
      return { type: 'int16', values: counted(count, (index) => bytes.readUInt16BE(2 * index)) };
    case TYPES.int32:
      return { type: 'int32', values: counted(count, (index) => bytes.readUInt32BE(4 * index)) };
    case TYPES.string:
    case TYPES.strings:
    case TYPES.localised:
      return { type: 'strings', values: textsOf(bytes, count) };
    default:
      return undefined;
  }
}

function counted(count: number, each: (index: number) => number): readonly number[] {
  return Array.from({ length: count }, (_, index) => each(index));
}

function textsOf(bytes: Buffer, count: number): readonly string[] {
  let at = 0;
  return Array.from({ length: count }, () => {
    const end = bytes.indexOf(0, at);
    const text = bytes.toString('latin1', at, end);
    at = end + 1;
    return text;
  });
}

function filling(size: number, unit: number): Buffer {
  return Buffer.alloc((unit - (size % unit)) % unit);
}
