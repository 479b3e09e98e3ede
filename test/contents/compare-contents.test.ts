import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { compareContents } from '../../lib/contents/compare-contents.ts';
import type { ContentChange } from '../../lib/contents/content-change.ts';
import { testWith } from '../support/needs.ts';

const dir = mkdtempSync(join(tmpdir(), 'varve-contents-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const run = (program: string, ...args: readonly string[]): void =>
  void execFileSync(program, args, { cwd: dir });

function compiled(name: string, source: string, ...args: readonly string[]): Buffer {
  writeFileSync(join(dir, 'source.c'), source);
  run('gcc', '-O0', '-fPIC', '-fno-asynchronous-unwind-tables', ...args, '-o', name, 'source.c');
  return readFileSync(join(dir, name));
}

/** Status, kind and name of each change but those of sections. */
const told = (changes: readonly ContentChange[] | undefined): readonly string[] | undefined =>
  changes
    ?.filter(({ kind }) => kind !== 'section')
    .map(({ status, kind, name, member }) => [status, kind, name, ...(member ? [member] : [])].join(' '));

testWith({ programs: ['gcc'] })('of a library it is told first what others are linked by', () => {
  const link = ['-shared', '-Wl,--no-as-needed', '-Wl,--build-id'];
  const from = compiled(
    'a.so',
    'int puts(const char *); int greet(int a) { return a; } int gone(void) { return 1; }',
    ...link,
    '-Wl,-soname,liba.so.1',
  );
  const to = compiled(
    'b.so',
    'int puts(const char *); static int own(int a) { return puts("so"); } int greet(int a) { return own(a) + a; }',
    ...link,
    '-Wl,-soname,liba.so.2',
    '-lm',
  );
  const found = compareContents(from, to);
  expect(found).toMatchObject({ format: 'elf', what: 'ELF shared objects' });
  expect(told(found?.changes)).toEqual([
    'M fact soname',
    'A needed libm.so.6',
    'D symbol gone',
    'A used puts',
    'A symbol own',
    'M symbol greet',
    'M fact build id',
  ]);
  expect(found?.changes).toContainEqual(
    expect.objectContaining({ kind: 'section', name: '.text', status: 'M' }),
  );
  expect(compareContents(from, from)?.changes).toEqual([]);
});

testWith({ programs: ['gcc', 'ar'] })(
  'of a static library its objects are told, and what changed in each',
  () => {
    const archive = (name: string, objects: Readonly<Record<string, string>>): Buffer => {
      for (const [object, source] of Object.entries(objects)) compiled(object, source, '-c');
      run('ar', 'rcD', name, ...Object.keys(objects));
      return readFileSync(join(dir, name));
    };
    const long = 'a-name-of-more-than-15-bytes.o';
    const from = archive('a.a', {
      'one.o': 'int one(void) { return 1; }',
      [long]: 'int two;',
      'old.o': 'int o;',
    });
    const to = archive('b.a', {
      'one.o': 'int one(void) { return 1; } int more;',
      [long]: 'int two[9];',
      'new.o': 'int n;',
    });
    const { format, changes } = compareContents(from, to) ?? {};
    expect(format).toBe('ar');
    expect(told(changes)).toEqual([
      'D member old.o',
      'A member new.o',
      'A symbol more one.o',
      `M symbol two ${long}`,
    ]);
  },
);

testWith({ programs: ['gcc', 'ar'] })(
  'of a static library the code of every object is told before the debug information of any',
  () => {
    const archive = (name: string, ...sources: readonly string[]): Buffer => {
      sources.forEach((source, i) => compiled(`${i}.o`, source, '-c', '-g'));
      run('ar', 'rcD', name, ...sources.map((_, i) => `${i}.o`));
      return readFileSync(join(dir, name));
    };
    const from = archive('a.a', 'int f(int a) { return a; }', 'const char *g(void) { return "one"; }');
    const to = archive(
      'b.a',
      'int f(int a) { int b = a; return b * a; }',
      'const char *g(void) { return "two"; }',
    );
    const places = (compareContents(from, to)?.changes ?? []).map(({ member, name }) => `${member} ${name}`);
    const isDebug = (place: string): boolean => /^[01]\.o \.(rela\.)?debug/.test(place);
    expect(places).toContain('0.o .debug_info');
    expect(places.indexOf('1.o .rodata')).toBeLessThan(places.findIndex(isDebug));
  },
);

test('a file that is none of these is not looked into', () => {
  expect(compareContents(Buffer.from('\u0000a'), Buffer.from('\u0000b'))).toBeUndefined();
  const broken = Buffer.from('\u007fELF\u0002\u0001 and so on, but no headers follow');
  expect(compareContents(broken, broken)).toBeUndefined();
  expect(compareContents(Buffer.from('!<arch>\nno header'), Buffer.from('!<arch>\n'))).toBeUndefined();
});
