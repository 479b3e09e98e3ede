/**
 * Writes a database as SQLite's file format has it (sqlite.org/fileformat2.html): the same tables are always the same bytes,
 * which SQLite itself does not promise. There are no indexes in it.
 */

/** Texts are raw: a character a byte. */
export type SqliteValue = number | string | Uint8Array | null;

export interface SqliteRow {
  /** Above those of the rows before. A column that is INTEGER PRIMARY KEY has it, and is null among the values. */
  readonly id: number;
  readonly values: readonly SqliteValue[];
}

export interface SqliteTable {
  readonly name: string;
  /** The statement that would create it. */
  readonly sql: string;
  readonly rows: readonly SqliteRow[];
}

const PAGE = 4096;
/** What the file says of itself, on its first page. */
const FILE_HEADER = 100;
const LEAF = { type: 13, header: 8 } as const;
const INTERIOR = { type: 5, header: 12 } as const;
/** A longer row goes on in pages of its own. */
const LONGEST = PAGE - 35;
const SHORTEST = Math.trunc(((PAGE - 12) * 32) / 255) - 23;
/** Pages below one page, whose numbers and keys surely fit into it. */
const CHILDREN = 300;
/** The version that this was written after; programs only show it. */
const VERSION = 3_040_000;

export function encodeSqlite(tables: readonly SqliteTable[]): Buffer {
  // Where the tables begin is told on the first page.
  const pages: Buffer[] = [Buffer.alloc(PAGE)];
  const schema = tables.map(({ name, sql, rows }, index): SqliteRow => {
    const root = pages.length;
    pages.push(Buffer.alloc(PAGE));
    pages[root] = encodePage(treeOf(pages, rows, 0), 0);
    return { id: index + 1, values: ['table', name, name, root + 1, sql] };
  });
  const first = encodePage(treeOf(pages, schema, FILE_HEADER), FILE_HEADER);
  fileHeader(pages.length).copy(first);
  pages[0] = first;
  return Buffer.concat(pages);
}

interface Page {
  readonly kind: typeof LEAF | typeof INTERIOR;
  readonly cells: readonly Buffer[];
  /** The highest row that is in it or below it. */
  readonly last: number;
  /** The number of the page with what comes after all cells. */
  readonly right?: number;
}

/** Adds all pages of a table but its first one, which has `taken` bytes less room than others. */
function treeOf(pages: Buffer[], rows: readonly SqliteRow[], taken: number): Page {
  let level = leavesOf(pages, rows, taken);
  while (level.length > 1) {
    const numbered = level.map((page) => ({ number: pages.push(encodePage(page, 0)), last: page.last }));
    level = chunks(numbered, CHILDREN).map((children): Page => {
      const right = children.at(-1);
      return {
        kind: INTERIOR,
        cells: children.slice(0, -1).map(({ number, last }) => Buffer.concat([uint32(number), varint(last)])),
        last: right?.last ?? 0,
        right: right?.number ?? 0,
      };
    });
  }
  return level[0] ?? { kind: LEAF, cells: [], last: 0 };
}

function leavesOf(pages: Buffer[], rows: readonly SqliteRow[], taken: number): readonly Page[] {
  const cells = rows.map((row) => ({ id: row.id, bytes: cellOf(pages, row) }));
  const room = PAGE - LEAF.header;
  const sizeOf = ({ bytes }: (typeof cells)[number]): number => bytes.length + 2;
  const isOne = cells.reduce((sum, cell) => sum + sizeOf(cell), 0) <= room - taken;
  const groups: (typeof cells)[number][][] = isOne ? [cells] : [];
  let left = 0;
  for (const cell of isOne ? [] : cells) {
    left -= sizeOf(cell);
    if (left < 0) {
      groups.push([]);
      left = room - sizeOf(cell);
    }
    groups.at(-1)?.push(cell);
  }
  return groups.map((group) => ({
    kind: LEAF,
    cells: group.map(({ bytes }) => bytes),
    last: group.at(-1)?.id ?? 0,
  }));
}

/** A row as it stands on its page; what is too long for that goes to pages of its own. */
function cellOf(pages: Buffer[], { id, values }: SqliteRow): Buffer {
  const record = recordOf(values);
  const intro = [varint(record.length), varint(id)];
  if (record.length <= LONGEST) return Buffer.concat([...intro, record]);
  const even = SHORTEST + ((record.length - SHORTEST) % (PAGE - 4));
  const here = even <= LONGEST ? even : SHORTEST;
  const next = pages.length + 1;
  for (let at = here; at < record.length; at += PAGE - 4) {
    const page = Buffer.alloc(PAGE);
    const isLast = at + PAGE - 4 >= record.length;
    page.writeUInt32BE(isLast ? 0 : pages.length + 2);
    record.copy(page, 4, at);
    pages.push(page);
  }
  return Buffer.concat([...intro, record.subarray(0, here), uint32(next)]);
}

function recordOf(values: readonly SqliteValue[]): Buffer {
  const fields = values.map(fieldOf);
  const types = Buffer.concat(fields.map(({ type }) => varint(type)));
  // Its own length counts, and it is short.
  return Buffer.concat([varint(types.length + 1), types, ...fields.map(({ bytes }) => bytes)]);
}

function fieldOf(value: SqliteValue): { readonly type: number; readonly bytes: Buffer } {
  if (value === null) return { type: 0, bytes: Buffer.alloc(0) };
  if (typeof value === 'number') return { type: 4, bytes: uint32(value) };
  if (typeof value === 'string') {
    const bytes = Buffer.from(value, 'latin1');
    return { type: 13 + 2 * bytes.length, bytes };
  }
  return { type: 12 + 2 * value.length, bytes: Buffer.from(value) };
}

/** Cells stand at the end of a page, the first one last. */
function encodePage({ kind, cells, right }: Page, at: number): Buffer {
  const page = Buffer.alloc(PAGE);
  let start = PAGE;
  for (const [index, cell] of cells.entries()) {
    start -= cell.length;
    cell.copy(page, start);
    page.writeUInt16BE(start, at + kind.header + 2 * index);
  }
  page[at] = kind.type;
  page.writeUInt16BE(cells.length, at + 3);
  page.writeUInt16BE(start, at + 5);
  if (right !== undefined) page.writeUInt32BE(right, at + 8);
  return page;
}

function fileHeader(pages: number): Buffer {
  const header = Buffer.alloc(FILE_HEADER);
  header.write('SQLite format 3\0', 'latin1');
  header.writeUInt16BE(PAGE, 16);
  // It is written and read as of old, without a log; parts of a page that may be used; no room is kept at its end.
  header.set([1, 1, 0, 64, 32, 32], 18);
  const changes = 1;
  for (const [at, number] of [
    [24, changes],
    [28, pages],
    [40, 1],
    [44, SCHEMA_FORMAT],
    [56, UTF8],
    [92, changes],
    [96, VERSION],
  ] as const)
    header.writeUInt32BE(number, at);
  return header;
}

const SCHEMA_FORMAT = 4;
const UTF8 = 1;

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** Seven bits a byte, the highest first; all bytes but the last have their top bit set. */
function varint(value: number): Buffer {
  const bytes = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128))
    bytes.unshift((rest % 128) | 128);
  return Buffer.from(bytes);
}

function chunks<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
