/** What people read when metadata is wrong, word for word. */
import { expect, test } from 'vitest';
import { createPaint } from '../../lib/reporting/paint.ts';
import { formatError } from '../../lib/reporting/report-error.ts';
import { memoryWorld } from '../support/memory-world.ts';
import { recipe, type Files } from './reading.ts';

/** Reads the recipe of these files, which must fail; the error as it is shown. */
function shown(files: Files['files'], more: Omit<Files, 'files'> = {}): readonly string[] {
  try {
    recipe({ files, ...more });
  } catch (error) {
    const world = memoryWorld({ files, cwd: '/' });
    return formatError(error, { paint: createPaint(false), world })
      .trimEnd()
      .split('\n');
  }
  throw new Error('the recipe can be read');
}

const demo = '/recipes/demo_1.0.bb';

test('an operator that does not exist is pointed at', () => {
  expect(shown({ [demo]: 'A = "1"\nSRC_URI -= "file://a.patch"\n' })).toEqual([
    'error: recipes/demo_1.0.bb:2:9: this line is no statement of the BitBake language',
    '    2 | SRC_URI -= "file://a.patch"',
    '      |         ^',
    'hint: there is no "-="; NAME:remove = "…" takes words out',
  ]);
});

test('a comment behind a value is pointed at', () => {
  expect(shown({ [demo]: 'A = "1" # one\n' })).toEqual([
    'error: recipes/demo_1.0.bb:1:9: this line is no statement of the BitBake language',
    '    1 | A = "1" # one',
    '      |         ^',
    'hint: a comment stands on a line of its own',
  ]);
});

test('a statement over several lines is an error on its last one, as in BitBake', () => {
  expect(shown({ [demo]: 'A = "1 \\\n  2 \\\n  3\nB = ""\n' }).slice(0, 3)).toEqual([
    'error: recipes/demo_1.0.bb:3:3: this line is no statement of the BitBake language',
    '    3 |   3',
    '      |   ^',
  ]);
});

test.each([
  'do_install:append() { touch x; }',
  'fakeroot do_install () {  touch x; }',
  'python () { touch x; }',
])('a function on one line, "%s", is told how its body is written', (line) => {
  expect(shown({ [demo]: `A = "1"\n${line}\n` })).toEqual([
    `error: recipes/demo_1.0.bb:2:${line.indexOf('touch') + 1}: this line is no statement of the BitBake language`,
    `    2 | ${line}`,
    `      | ${' '.repeat(line.indexOf('touch'))}^`,
    'hint: the body of a function begins on the next line, and the "}" that closes it stands alone on its own',
  ]);
});

test('a function with the override syntax of old is shown by its first line', () => {
  expect(shown({ [demo]: 'A = "1"\ndo_install_append() {\n    touch x\n}\n' })).toEqual([
    'error: recipes/demo_1.0.bb:2:11: do_install_append uses the override syntax of old, with an underscore',
    '    2 | do_install_append() {',
    '      |           ^',
    'hint: write do_install:append',
  ]);
});

test('a class that INHERIT names is told with the line that names it', () => {
  const files = {
    [demo]: '',
    '/conf/bitbake.conf': 'require local.conf\n',
    '/conf/local.conf': '\nINHERIT += "rm_work nosuch"\n',
    '/classes/rm_work.bbclass': '',
  };
  expect(shown(files)).toEqual([
    'error: configuration INHERITs: there is no class nosuch',
    '  inherited from conf/local.conf:2',
    'hint: classes are looked for in /',
  ]);
});

test('an error in an include of a class tells the whole way', () => {
  const files = {
    [demo]: 'A = "1"\nrequire demo.inc\n',
    '/recipes/demo.inc': 'inherit \\\n  one \\\n  two\n',
    '/classes/one.bbclass': '',
    '/classes/two.bbclass': 'do_x() {\n}\n\ninclude two.inc\n',
    '/classes/two.inc': '\nA_append = "x \\\n  y"\n',
  };
  expect(shown(files)).toEqual([
    'error: classes/two.inc:3:3: A_append uses the override syntax of old, with an underscore',
    '    3 |   y"',
    '      |   ^',
    '  included from classes/two.bbclass:4',
    '  inherited from recipes/demo.inc:3',
    '  included from recipes/demo_1.0.bb:2',
    'hint: write A:append',
  ]);
});

test('includes that lead back to themselves are one error that names the circle once', () => {
  const files = {
    [demo]: 'require a.inc\n',
    '/recipes/a.inc': '\nrequire b.inc\n',
    '/recipes/b.inc': 'require a.inc\n',
  };
  expect(shown(files)).toEqual([
    'error: recipes/b.inc:1:9: /recipes/a.inc leads back to itself, again and again',
    '    1 | require a.inc',
    '      |         ^',
    '  included from recipes/a.inc:2',
    '  included from recipes/demo_1.0.bb:1',
    'hint: take one of the includes out',
  ]);
});

test('a variable that has another name now is refused once the text is read', () => {
  const files = {
    [demo]: 'LICENSE_FLAGS_WHITELIST:append = " x"\n',
    '/conf/bitbake.conf': 'BB_RENAMED_VARIABLES[LICENSE_FLAGS_WHITELIST] = "LICENSE_FLAGS_ACCEPTED"\n',
  };
  expect(shown(files)).toEqual([
    'error: recipes/demo_1.0.bb:1:1: LICENSE_FLAGS_WHITELIST is called LICENSE_FLAGS_ACCEPTED now',
    '    1 | LICENSE_FLAGS_WHITELIST:append = " x"',
    '      | ^',
    'hint: write LICENSE_FLAGS_ACCEPTED',
  ]);
});

test('values that refer to each other are pointed at where the circle is entered', () => {
  const files = { [demo]: 'A = "a ${B}"\nB = "${C}"\nC = "${A}"\ninherit ${A}\n' };
  expect(shown(files)).toEqual([
    'error: recipes/demo_1.0.bb:1:8: A refers to itself: A -> B -> C -> A',
    '    1 | A = "a ${B}"',
    '      |        ^',
  ]);
});

test('an expression that brings in its own text without end is an error', () => {
  const files = { [demo]: 'A = "${@d.getVar(\'A\', False)} x"\nDEPENDS = "${A}"\n' };
  expect(shown(files).at(0)).toBe(
    'error: recipes/demo_1.0.bb:1:1: A grows beyond all bounds when it is expanded',
  );
});

test('Python that cannot be read is refused before anything runs', () => {
  expect(shown({ [demo]: 'A = "1"\ndef f():\n    return (1\n\nB = "2"\n' })).toEqual([
    'error: recipes/demo_1.0.bb:3:5: this Python cannot be read: "(" is never closed',
    '    3 |     return (1',
    '      |     ^',
  ]);
  expect(shown({ [demo]: 'python () {\n    a = "x\n}\n' }).at(0)).toBe(
    'error: recipes/demo_1.0.bb:2:5: this Python cannot be read: a string is not closed on its line',
  );
});

test('a line that is wrong is told before Python that stands above it', () => {
  expect(shown({ [demo]: 'def f():\nreturn 1\n' }).at(0)).toBe(
    'error: recipes/demo_1.0.bb:2:1: this line is no statement of the BitBake language',
  );
});

test('a backslash by itself is refused, as BitBake does', () => {
  expect(shown({ [demo]: '\\\nA = "1"\n' })).toEqual([
    'error: recipes/demo_1.0.bb:1:1: a backslash stands alone on its line',
    '    1 | \\',
    '      | ^',
  ]);
});
