import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isOnlyNoise } from '../../lib/contents/is-only-noise.ts';
import { testWith } from '../support/needs.ts';

const noise = (from: string, to: string): boolean => isOnlyNoise(Buffer.from(from), Buffer.from(to));

test('times in the forms that programs write them in are noise', () => {
  for (const [from, to] of [
    ['built 2026-11-27T13:40:24Z', 'built 2026-11-28T03:40:24Z'],
    ['built 2026-11-27 13:40:24.123 +0100', 'built 2026-11-28 03:40:24.5 +0000'],
    ['# Fri Nov 27 13:40:24 UTC 2026\nA=1\n', '# Sat Nov  7 03:40:24 PM CEST 2026\nA=1\n'],
    ['Date: Fri, 27 Nov 2026 13:40:24 +0000', 'Date: Sat, 7 Nov 2026 03:40:24 GMT'],
    ['"Nov 27 2026, 13:40:24"', '"Nov  7 2026, 03:40:24"'],
    ['\0Nov 27 2026\x0013:40:24\0', '\0Nov  7 2026\x0003:40:24\0'],
  ] as const)
    expect([from, noise(from, to)]).toEqual([from, true]);
});

test('paths of build directories, and temporary files of gcc, are noise', () => {
  expect(noise('dir=/home/ann/build/tmp/work/x86/zlib/build', 'dir=/srv/b/tmp/work/x86/zlib/build')).toBe(
    true,
  );
  expect(noise('cc -o a /tmp/ccAbCdEf.o', 'cc -o a /tmp/ccUvWxYz.o')).toBe(true);
  expect(noise('\0/home/ann/tmp/work/x/z\0', '\0/home/bob/tmp/work/x/z\0')).toBe(true);
});

test('what could mean something is no noise', () => {
  for (const [from, to] of [
    ['same', 'same'],
    ['version 2026-11-27', 'version 2026-11-28'],
    ['mac 00:11:22:10:11:12', 'mac 00:11:22:10:11:13'],
    ['timeout=00:10:00', 'timeout=00:20:00'],
    ['2026-11-27T13:40:24Z a', '2026-11-28T03:40:24Z b'],
    ['2026-11-27T13:40:24Z', '/home/ann'],
    ['2026-13-27T13:40:24Z', '2026-13-28T13:40:24Z'],
    ['id-2026-11-27T13:40:24Z', 'id-2026-11-28T13:40:24Z'],
    ['prefix=/opt/a/tmp', 'prefix=/opt/b/tmp'],
    ['dir=/a/tmp/work/x86/zlib', 'dir=/b/tmp/work/arm/zlib'],
    ['\0/home/ann/tmp/work/x/z\0', '\0/home/barbara/tmp/work/x/z\0'],
    ['\0Nov 27 2026\0', '\0\0\0\0\0\0\0\0\0\0\0\0\0'],
  ] as const)
    expect([from, noise(from, to)]).toEqual([from, false]);
});

test('the time in the header of a gzip file is noise, what it holds is not', () => {
  const zipped = (text: string, time: number): Buffer => {
    const bytes = gzipSync(text);
    bytes.writeUInt32LE(time, 4);
    return bytes;
  };
  expect(isOnlyNoise(zipped('a', 1), zipped('a', 2))).toBe(true);
  expect(isOnlyNoise(zipped('a', 1), zipped('b', 1))).toBe(false);
});

testWith({ programs: ['gcc', 'ar'] })(
  'a program that tells when it was built is the same but for that, a changed one is not',
  () => {
    const dir = mkdtempSync(join(tmpdir(), 'varve-noise-'));
    try {
      const made = (epoch: number, answer = 42): readonly [Buffer, Buffer] => {
        writeFileSync(
          join(dir, 'a.c'),
          `const char *when(void) { return __DATE__; } const char *at(void) { return __TIME__; } int a(void) { return ${answer}; }`,
        );
        const run = (program: string, ...args: readonly string[]): void =>
          void execFileSync(program, args, {
            cwd: dir,
            env: { ...process.env, SOURCE_DATE_EPOCH: String(epoch) },
          });
        run('gcc', '-shared', '-fPIC', '-Wl,--build-id', '-o', 'a.so', 'a.c');
        run('gcc', '-c', '-o', 'a.o', 'a.c');
        rmSync(join(dir, 'a.a'), { force: true });
        run('ar', 'rcU', 'a.a', 'a.o');
        const archive = readFileSync(join(dir, 'a.a'));
        // Times in the headers of the table of symbols and of the object, as a build at that time has them.
        for (const header of ['/ ', 'a.o/'])
          archive.write(String(epoch).padEnd(12), archive.indexOf(header) + 16, 'latin1');
        return [readFileSync(join(dir, 'a.so')), archive];
      };
      const [first, firstArchive] = made(1_764_000_000);
      const [second, secondArchive] = made(1_765_111_111);
      const [other] = made(1_765_111_111, 43);
      expect(first.equals(second)).toBe(false);
      expect(isOnlyNoise(first, second)).toBe(true);
      expect(isOnlyNoise(firstArchive, secondArchive)).toBe(true);
      expect(isOnlyNoise(first, other)).toBe(false);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  },
);

test('no change of a byte outside of a time is ever called noise', () => {
  const text = 'a=1\n# Fri Nov 27 13:40:24 UTC 2026\nb=\u00012\n';
  const at = text.indexOf('Fri');
  const end = text.indexOf('2026') + 4;
  const outside = fc.nat(text.length - 1).filter((i) => i < at - 1 || i > end);
  fc.assert(
    fc.property(outside, fc.integer({ min: 1, max: 255 }), fc.boolean(), (i, flip, isBinary) => {
      const from = Buffer.from(isBinary ? `${text}\0` : text, 'latin1');
      const to = Buffer.from(from);
      to[i] = (to[i] ?? 0) ^ flip;
      to.write('03:15:59', text.indexOf('13:40'), 'latin1');
      expect(isOnlyNoise(from, to)).toBe(false);
    }),
  );
});
