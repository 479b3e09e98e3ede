/** SQLite reads what was written without it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import { encodeSqlite, type SqliteTable, type SqliteValue } from '../../lib/packages/sqlite-file.ts';
import { testWith } from '../support/needs.ts';

const reading = `import json, sqlite3, sys
base = sqlite3.connect(sys.argv[1])
said = base.execute('pragma integrity_check').fetchall()
tables = [name for (name,) in base.execute("select name from sqlite_master order by rowid")]
rows = [base.execute(f'select id, text, number, bytes from "{name}" order by id').fetchall() for name in tables]
found = base.execute(f'select id from "{tables[-1]}" where id = 3').fetchall()
print(json.dumps([said, tables, rows, found], default=lambda one: one.hex()))`;

/** Short ones, and those that go on beyond their page, by a little and by much. */
const lengths = fc.oneof(
  fc.nat(40),
  fc.integer({ min: 3990, max: 4110 }),
  fc.integer({ min: 8100, max: 8200 }),
  fc.nat(30_000),
);
const few = fc.array(fc.tuple(lengths, fc.nat(0x7fffffff)), { maxLength: 40 });
/** So many that pages lead to pages that lead to pages. */
const many = fc
  .integer({ min: 600, max: 700 })
  .map((count) => Array.from({ length: count }, (_, number) => [3000, number] as const));
const rows = fc.oneof({ arbitrary: few, weight: 29 }, { arbitrary: many, weight: 1 });

testWith({ commands: ['python3 -c "import sqlite3"'] })('SQLite finds every row that was written', () => {
  const dir = mkdtempSync(join(tmpdir(), 'varve-sqlite-'));
  try {
    fc.assert(
      fc.property(fc.array(rows, { minLength: 1, maxLength: 25 }), (drawn) => {
        const tables = drawn.map((each, at) => tableOf(`table ${at}`, each));
        writeFileSync(join(dir, 'base'), encodeSqlite(tables));
        const ran = spawnSync('python3', ['-c', reading, join(dir, 'base')], {
          encoding: 'utf8',
          maxBuffer: 1 << 30,
        });
        expect(ran.stderr).toBe('');
        const shown = (value: SqliteValue): unknown =>
          value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
        expect(JSON.parse(ran.stdout)).toEqual([
          [['ok']],
          tables.map(({ name }) => name),
          tables.map((table) => table.rows.map(({ id, values }) => [id, ...values.slice(1).map(shown)])),
          (tables.at(-1)?.rows ?? []).filter(({ id }) => id === 3).map(({ id }) => [id]),
        ]);
      }),
      { numRuns: 20 },
    );
  } finally {
    rmSync(dir, { recursive: true });
  }
});

function tableOf(name: string, drawn: readonly (readonly [length: number, number: number])[]): SqliteTable {
  return {
    name,
    sql: `CREATE TABLE "${name}" (id INTEGER PRIMARY KEY, text, number, bytes)`,
    rows: drawn.map(([length, number], index) => ({
      id: index + 1,
      values: [null, `${number}`.repeat(length).slice(0, length), number, Buffer.alloc(length % 50, index)],
    })),
  };
}
