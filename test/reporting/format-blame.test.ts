import { expect, test } from 'vitest';
import type { Blame } from '../../lib/operations/blame-file.ts';
import { blameDocument, formatBlame } from '../../lib/reporting/format-blame.ts';
import { createPaint } from '../../lib/reporting/paint.ts';

const blame: Blame = {
  recipe: 'app',
  lines: [
    { line: 1, text: 'copied', recipe: 'app', task: null, doubt: 'single-line', latest: 'do_install' },
    { line: 2, text: 'written', recipe: 'app', task: 'do_compile', build: 3, path: 'out' },
    { line: 3, text: 'brought', recipe: 'zlib', task: null, doubt: 'not-recorded' },
  ],
};

test('where nobody can tell who wrote a line, blame says why', () => {
  expect(formatBlame(blame, createPaint(false))).toBe(
    `do_install or before (may be copied)           1) copied
do_compile                            build 3  2) written
zlib:unknown (not recorded)                    3) brought
`,
  );
  expect(blameDocument(blame)).toEqual([
    { line: 1, recipe: 'app', task: null, latest: 'do_install', reason: { kind: 'single-line' } },
    { line: 2, recipe: 'app', task: 'do_compile', build: 3, path: 'out' },
    { line: 3, recipe: 'zlib', task: null, reason: { kind: 'not-recorded' } },
  ]);
});
