import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { readElf, type Elf } from '../../lib/contents/read-elf.ts';
import { compareContents } from '../../lib/contents/compare-contents.ts';
import { testWith } from '../support/needs.ts';

const dir = mkdtempSync(join(tmpdir(), 'varve-elf-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const run = (program: string, ...args: readonly string[]): string =>
  execFileSync(program, args, { cwd: dir, encoding: 'utf8' });

/** Compiles a source as those arguments say. */
function made(name: string, source: string, ...args: readonly string[]): string {
  writeFileSync(join(dir, 'source.c'), source);
  run('gcc', ...args, '-o', name, 'source.c');
  return name;
}

/** Bytes wrapped as an object of a machine that need not be there. */
function wrapped(name: string, form: string): string {
  writeFileSync(join(dir, 'data'), 'some data');
  run('objcopy', '-I', 'binary', '-O', form, 'data', name);
  return name;
}

const SOURCE = `int table[4] = {1}; extern int far(int); static int near(int a) { return a * 3 + table[1]; }
int call(int a) { return far(near(a)); }`;

function elf(name: string): Elf {
  const found = readElf(readFileSync(join(dir, name)));
  if (found === undefined) throw new Error(`${name} was not read`);
  return found;
}

/** Name and size of all that readelf lists, in code-unit order. */
function listed(name: string, option: string, pattern: RegExp): readonly string[] {
  return run('readelf', '-W', option, name)
    .split('\n')
    .flatMap((line) => {
      const { groups } = pattern.exec(line) ?? {};
      return groups === undefined ? [] : [`${groups['name']} ${sizeOf(groups)}`];
    })
    .toSorted();
}

const sizeOf = ({ size = '', hex }: Record<string, string | undefined>): number =>
  hex === undefined ? Number(size) : Number.parseInt(hex, 16);

const SYMBOL =
  /^ *\d+: [0-9a-f]+ +(?<size>0x[0-9a-f]+|\d+) (?!SECTION|FILE)(?:[A-Z]+ +(?:GLOBAL|WEAK)|(?:FUNC|OBJECT) +LOCAL) +[A-Z]+ +(?!UND)\w+ (?<name>[^ @]+)/;
const SECTION = /^ *\[ *\d+\] (?<name>\S+) +(?!NULL)[A-Z_]+ +[0-9a-f]+ [0-9a-f]+ (?<hex>[0-9a-f]+) /;

for (const [what, make] of [
  ['an object of 64 bits', () => made('wide.o', SOURCE, '-c', '-g')],
  ['an object of 32 bits', () => made('narrow.o', SOURCE, '-c', '-m32', '-ffreestanding', '-fno-pic')],
  ['a shared library', () => made('libx.so', SOURCE, '-shared', '-fPIC', '-Wl,-soname,libx.so.1')],
  ['32 bits, big endian', () => wrapped('big32.o', 'elf32-big')],
  ['64 bits, big endian', () => wrapped('big64.o', 'elf64-big')],
] as const) {
  testWith({ programs: ['gcc', 'readelf', 'objcopy'] })(
    `${what}: symbols and sections are those that readelf lists`,
    () => {
      const name = make();
      const { symbols, sections } = elf(name);
      const named = (each: readonly { readonly name: string; readonly size: number }[]): readonly string[] =>
        each.map((one) => `${one.name} ${one.size}`).toSorted();
      const found = listed(name, '-s', SYMBOL);
      expect(found.length).toBeGreaterThan(0);
      // readelf lists what is for the linker of programs a second time.
      expect([...new Set(named(symbols))]).toEqual([...new Set(found)]);
      expect(named(sections)).toEqual(listed(name, '-S', SECTION));
    },
  );
}

testWith({ programs: ['gcc', 'strip'] })(
  'what a program needs, exports and uses is told, also when it was stripped',
  () => {
    made('app', `${SOURCE} int far(int a) { return a; } int main(void) { return call(2); }`);
    expect(elf('app')).toMatchObject({ type: 'executable', needed: [expect.stringContaining('libc')] });
    made(
      'liby.so',
      SOURCE,
      '-shared',
      '-fPIC',
      '-Wl,-soname,liby.so.1',
      '-Wl,-rpath,$ORIGIN',
      '-Wl,--build-id',
    );
    run('strip', 'liby.so');
    const stripped = elf('liby.so');
    expect(stripped).toMatchObject({ type: 'shared object', soname: 'liby.so.1', runpath: '$ORIGIN' });
    expect(stripped.buildId).toMatch(/^[0-9a-f]{40}$/);
    expect(stripped.symbols.filter(({ exported }) => exported).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['call', 'table']),
    );
    expect(stripped.uses).toContain('far');
  },
);

testWith({ programs: ['gcc', 'ar'] })(
  'whatever is done to its bytes, a file is read or is not, without an error',
  () => {
    const library = readFileSync(join(dir, made('whole.so', SOURCE, '-shared', '-fPIC', '-g')));
    made('whole.o', SOURCE, '-c');
    run('ar', 'rc', 'whole.a', 'whole.o');
    const archive = readFileSync(join(dir, 'whole.a'));
    // The tables that lead elsewhere stand at the start and at the end.
    const place = fc.oneof(fc.nat(128), fc.integer({ min: -2048, max: -1 }), fc.nat(library.length));
    fc.assert(
      fc.property(
        fc.constantFrom(library, archive),
        fc.array(fc.tuple(place, fc.nat(255)), { minLength: 1, maxLength: 6 }),
        fc.option(fc.nat(library.length)),
        (whole, edits, cut) => {
          const bytes = Buffer.from(whole);
          for (const [at, value] of edits) bytes[(at + bytes.length) % bytes.length] = value;
          const damaged = bytes.subarray(0, cut ?? bytes.length);
          expect(() => compareContents(whole, damaged)).not.toThrow();
          expect(() => compareContents(damaged, whole)).not.toThrow();
        },
      ),
      { numRuns: 3000 },
    );
  },
);

test('a file whose sections all are the whole file is not read', () => {
  const count = 1000;
  const bytes = Buffer.alloc(64 + count * 64);
  bytes.write('\u007fELF\u0002\u0001', 'latin1');
  bytes.writeBigUInt64LE(64n, 40);
  bytes.writeUInt16LE(64, 58);
  bytes.writeUInt16LE(count, 60);
  for (let i = 0; i < count; i += 1) {
    bytes.writeUInt32LE(1, 64 + i * 64 + 4);
    bytes.writeBigUInt64LE(BigInt(bytes.length), 64 + i * 64 + 32);
  }
  expect(readElf(bytes)).toBeUndefined();
});
