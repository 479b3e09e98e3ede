import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EnvironmentAnswer, VariableRow } from '../../lib/operations/read-environment.ts';
import { environmentDocument, formatEnvironment } from '../../lib/reporting/format-environment.ts';
import { createPaint } from '../../lib/reporting/paint.ts';
import { memoryWorld } from '../support/memory-world.ts';

const view = {
  world: memoryWorld({ cwd: '/work' }),
  paint: createPaint(false),
  verbose: false,
  quiet: false,
};

function row(name: string, value: string, more: Partial<VariableRow> = {}): VariableRow {
  return { name, kind: 'variable', value, flags: {}, exported: false, history: [], ...more };
}

function all(...variables: readonly VariableRow[]): string {
  return formatEnvironment({ kind: 'all', of: 'zlib', variables }, view);
}

/** Has a shell read a text and say more; what it printed. */
function sh(text: string): {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
} {
  return spawnSync('sh', ['-s'], { input: text, encoding: 'utf8', env: { PATH: process.env['PATH'] ?? '' } });
}

const cflags: EnvironmentAnswer = {
  kind: 'variable',
  of: 'zlib',
  variable: row('CFLAGS', '-O2 -g', {
    exported: true,
    flags: { doc: 'for the compiler' },
    history: [
      { file: '/work/conf/local.conf', line: 3, operation: 'set?', detail: '-O2' },
      { file: '/layers/meta/zlib.bb', line: 12, operation: ':append', detail: ' -g' },
      { file: '/layers/meta/zlib.bb', line: 13, operation: 'set', detail: 'for the compiler', flag: 'doc' },
    ],
  }),
  overrides: ['arm', 'pn-zlib'],
};

test('one variable comes with every statement that made it, its flags, and the overrides in force', () => {
  expect(formatEnvironment(cflags, view)).toBe(`export CFLAGS="-O2 -g"
#  conf/local.conf:3        set?       -O2
#  /layers/meta/zlib.bb:12  :append    -g
#  /layers/meta/zlib.bb:13  [doc] set  for the compiler
# CFLAGS[doc] = "for the compiler"
# overrides: arm:pn-zlib
`);
});

test('as a document it has the same, a statement each', () => {
  expect(environmentDocument(cflags)).toEqual({
    schema: 1,
    recipe: 'zlib',
    name: 'CFLAGS',
    value: '-O2 -g',
    flags: { doc: 'for the compiler' },
    history: cflags.kind === 'variable' ? cflags.variable.history : [],
    overrides: ['arm', 'pn-zlib'],
  });
});

test('with -v all variables come with their statements, and a shell reads them still', () => {
  const history = [{ file: '/work/a.conf', line: 1, operation: 'set', detail: 'one\n"$(exit 3)"' }];
  const answer: EnvironmentAnswer = { kind: 'all', variables: [row('A', 'one', { history })] };
  const text = formatEnvironment(answer, { ...view, verbose: true });
  expect(text).toBe('#  a.conf:1  set  one "$(exit 3)"\nA="one"\n');
  expect(sh(`${text}echo $A`).stdout).toBe('one\n');
});

test('a shell reads every value back as it is, and runs nothing of it', () => {
  const nasty = fc.string({
    unit: fc.constantFrom(...('aZ0 \t\n\r"\'`$\\!#;&|(){}<>*?~=%[]-é€😀'.match(/./gsu) ?? [])),
    maxLength: 24,
  });
  fc.assert(
    fc.property(fc.array(nasty, { minLength: 20, maxLength: 20 }), (values) => {
      const text = all(...values.map((value, at) => row(`V${at}`, value)));
      const asked = values.map((_, at) => `printf '%s\\0' "$V${at}"`).join('\n');
      expect(sh(`${text}${asked}\n`)).toMatchObject({
        stdout: values.map((value) => `${value}\0`).join(''),
        stderr: '',
      });
    }),
    { numRuns: 40 },
  );
});

test('functions can be called; those whose name or body no shell takes do not stop it', () => {
  const text = all(
    row('do_compile', '    greet "$1"\n', { kind: 'shell' }),
    row('greet', '    cat <<END\nhello $1 }\nEND\n', { kind: 'shell' }),
    row('do_empty', '', { kind: 'shell' }),
    row('do_later', '    # nothing yet\n', { kind: 'shell' }),
    row('pkg-postinst', '    exit 3\n', { kind: 'shell' }),
    row('until', '    exit 4\n', { kind: 'shell' }),
    row('do_patch', '    import sys\n    sys.exit(5)\n', { kind: 'python' }),
    row('RDEPENDS:zlib', 'a\nexit 6'),
    row('BROKEN', '', { value: undefined, error: 'BROKEN refers to itself\nexit 7' }),
  );
  expect(sh(`${text}do_empty; do_later; do_compile you\n`)).toMatchObject({
    status: 0,
    stdout: 'hello you }\n',
    stderr: '',
  });
});
