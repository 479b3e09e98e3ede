import { expect, test } from 'vitest';
import type { ContentChange } from '../../lib/contents/content-change.ts';
import { formatContent } from '../../lib/reporting/format-content.ts';
import { createPaint } from '../../lib/reporting/paint.ts';

const shown = (changes: readonly ContentChange[]): string =>
  formatContent({ format: 'elf', what: 'ELF objects', changes }, createPaint(false));

test('what changed in a file is a line each, with sizes', () => {
  const symbol = { kind: 'symbol', type: 'function' } as const;
  expect(
    shown([
      { kind: 'fact', status: 'M', name: 'soname', from: 'libz.so.1', to: 'libz.so.2' },
      { kind: 'fact', status: 'D', name: 'runpath', from: '$ORIGIN' },
      { kind: 'needed', status: 'A', name: 'libm.so.6' },
      { ...symbol, status: 'D', name: 'gone', exported: true, from: { size: 1 } },
      { ...symbol, status: 'A', name: 'own', exported: false, to: { size: 12 }, member: 'a.o' },
      { ...symbol, status: 'M', name: 'main', exported: true, from: { size: 8 }, to: { size: 9 } },
      { kind: 'section', status: 'M', name: '.rodata', from: { size: 8 }, to: { size: 8 } },
    ]),
  ).toBe(`    soname: libz.so.1 before, libz.so.2 after
  - runpath $ORIGIN
  + needs libm.so.6
  - function gone, 1 byte
  + a.o: local function own, 12 bytes
    function main: 8 bytes before, 9 after
    section .rodata: other content, 8 bytes
`);
});

test('of many changes the first are shown, and how many more there are', () => {
  const used = Array.from({ length: 30 }, (_, i) => ({ kind: 'used', status: 'A', name: `f${i}` }) as const);
  const lines = shown(used).split('\n');
  expect(lines.slice(10)).toEqual(['  + uses f10', '    and 19 more changes: --json has them', '']);
});

test('a name in a file cannot command the terminal', () => {
  expect(shown([{ kind: 'used', status: 'A', name: 'f\u001b]0;x\u0007' }])).toBe('  + uses f·]0;x·\n');
});
