import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { createDatastore, type Datastore } from '../../lib/language/datastore.ts';
import { evaluatePython } from '../../lib/language/inline-python.ts';
import { parseExpression } from '../../lib/language/python-syntax.ts';
import { BeyondFastPath, PythonRaised, toText } from '../../lib/language/python-values.ts';
import { pythonView } from '../../lib/language/python-view.ts';
import { startPython } from '../../lib/world/python-child.ts';
import { environmentOf } from './memory-source.ts';

/** Texts in which the rules of Python and of JavaScript are most likely to differ. */
const texts = [
  '',
  ' ',
  'a',
  'ab',
  'aXa',
  'a b',
  ' a  b\t',
  'a,b,,c',
  'Hello World',
  '1',
  '-7',
  '007',
  ' 12 ',
  '1_000',
  '1.2-r3',
  '2:1.0~rc1',
  'yes',
  'No',
  'on',
  'x11 wifi',
  '/a/b',
  '//a/./b/../c/',
  'a/b.c',
  'zlib_1.3.bb',
  'ß',
  'ǆx',
  '²',
  'a\u00a0b',
  'a\u001cb',
  '\ufeffx',
  '\u{1f600}z',
  'l\n m\r\n',
  '%s-%d',
  '{} {1} {0:>4}',
  "it's",
  'say "so"',
  '$1$&',
];

const literal = (text: string): string =>
  `'${text
    .replaceAll(/[\\']/g, '\\$&')
    .replaceAll(/[\n\r\t]/g, (char) => (char === '\n' ? '\\n' : char === '\r' ? '\\r' : '\\t'))}'`;

const variables: Readonly<Record<string, string>> = {
  FEATURES: 'x11 wifi bluetooth',
  EMPTY: '',
  NUMBER: '7',
  NESTED: '<${NUMBER}>',
  YES: 'yes',
  TRUTH: 't',
  FILE_NAME: '/layer/zlib_1.3_r2.bb',
};

const name = fc.constantFrom(...Object.keys(variables), 'UNSET');

/** What is taken where an expression is to be no deeper. */
const plain: Readonly<Record<Kind, readonly string[]>> = {
  text: texts.map(literal),
  texts: ["'a b c'.split()", "['x11', 'wifi']", "('.bb', '_r2')"],
  number: ['0', '1', '-1', '2', '3', '7', '-5', '12', '67108864', '-2147483648', '1000000000000000'],
  truth: ['True', 'False', 'None'],
  odd: ['()', '[]', 'd', 'x', 'len', 'set()'],
};

type Kind = 'text' | 'texts' | 'number' | 'truth' | 'odd';

/** What stands for `<text>`, `<number>` and the like; each kind of place in a pattern is filled by its own kind. */
const patterns: Readonly<Record<Kind, readonly string[]>> = {
  text: [
    "d.getVar('<name>')",
    "(d.getVar('<name>') or '')",
    "d.getVar('<name>', False)",
    'NUMBER',
    '<text>.upper()',
    '<text>.lower()',
    '<text>.capitalize()',
    '<text>.strip()',
    '<text>.lstrip(<text>)',
    '<text>.rstrip(<text>)',
    '<text>.replace(<text>, <text>)',
    '<text>.zfill(<number>)',
    '<text>.removeprefix(<text>)',
    '<text>.removesuffix(<text>)',
    '<text>.format(<odd>, <text>)',
    '<text>.join(<texts>)',
    '<text>.join(x for x in <texts> if x != <text>)',
    '(<text> % <odd>)',
    "('%s and %5s|%-4s|' % (<odd>, <text>, <text>))",
    "('%03d' % <number>)",
    "'{0:>6}{1:<3}{0:^5}'.format(<text>, <text>)",
    '(<text> + <text>)',
    '(<text> * <number>)',
    '<text>[<number>]',
    '<text>[<number>:<number>]',
    '<text>[:<number>]',
    '<text>[::-1]',
    '<texts>[<number>]',
    'str(<odd>)',
    'repr(<odd>)',
    'max(<texts>)',
    "bb.utils.filter('<name>', <texts>, d)",
    'oe.utils.prune_suffix(<text>, <texts>, d)',
    'os.path.dirname(<text>)',
    'os.path.basename(<text>)',
    'os.path.normpath(<text>)',
    'os.path.join(<text>, <text>, <text>)',
    "os.path.relpath('/' + <text>, '/' + <text>)",
    '(<text> if <truth> else <text>)',
    '(<text> or <text>)',
  ],
  texts: [
    '[<text>, <text>]',
    '(<text>, <text>)',
    '<text>.split()',
    '<text>.split(<text>)',
    '<text>.split(<text>, <number>)',
    '<text>.split(None, <number>)',
    "<text>.rsplit('-', <number>)",
    '<text>.splitlines()',
    '<text>.partition(<text>)',
    '<text>.rpartition(<text>)',
    'sorted(<texts>)',
    'sorted({<text>, <text>} - set(<texts>))',
    'list(<text>)',
    'tuple(<texts>)',
    '(<texts> + <texts>)',
    '<texts>[<number>:]',
    '[x.strip() for x in <texts>]',
    '[x for x in <texts> if x in <text>]',
    '[x for x in <text> if x not in <texts>]',
    'bb.utils.explode_deps(<text>)',
    'bb.parse.vars_from_file(<text>, d)',
  ],
  number: [
    'len(<text>)',
    'len(<texts>)',
    'len(set(<texts>))',
    'int(<text>)',
    'int(<odd>)',
    '<text>.find(<text>)',
    '<text>.rfind(<text>)',
    '<text>.index(<text>)',
    '<text>.count(<text>)',
    '(<number> + <number>)',
    '(<number> - <number>)',
    '(<number> * <number>)',
    '(<number> // <number>)',
    '(<number> % <number>)',
    '(<number> ** <number>)',
    '-<number>',
    'min(<number>, <number>)',
    'bb.utils.vercmp_string(<text>, <text>)',
  ],
  truth: [
    'not <odd>',
    '(<odd> and <odd>)',
    '(<odd> == <odd>)',
    '(<text> != <text>)',
    '(<text> < <text>)',
    '(<number> <= <number> < <number>)',
    '(<odd> is None)',
    '(<odd> is not <odd>)',
    '(<text> in <text>)',
    '(<text> not in <texts>)',
    '<text>.startswith(<text>)',
    '<text>.endswith((<text>, <text>))',
    '<text>.isdigit()',
    'any(<texts>)',
    'all(x for x in <texts>)',
    'bool(<odd>)',
    'bb.utils.to_boolean(<text>, <odd>)',
    "bb.utils.vercmp_string_op(<text>, <text>, '>=')",
    'os.path.isabs(<text>)',
    'bb.data.inherits_class(<text>, d)',
  ],
  odd: [
    '<text>',
    '<texts>',
    '<number>',
    '<truth>',
    "bb.utils.contains('<name>', <text>, <odd>, <odd>, d)",
    "bb.utils.contains_any('<name>', <texts>, <odd>, <odd>, d)",
    "bb.utils.contains('<name>', <odd>, <odd>, <odd>)",
    "oe.utils.conditional('<name>', <odd>, <odd>, <odd>, d)",
    "oe.utils.vartrue('<name>', <odd>, <odd>, d)",
    'oe.utils.ifelse(<odd>, <odd>)',
    '(<odd> + <odd>)',
    '(<odd> * <odd>)',
    '<odd>[<odd>]',
    '<odd>.join(<odd>)',
    '<odd>.split(<odd>)',
    'len(<odd>)',
    'str(x for x in <odd>)',
    '[(x, NUMBER) for x in <odd>]',
    "d.getVar('<name>', <odd>, <odd>)",
    "d.getVar('<name>', expand=<odd>)",
  ],
};

/** Fills the places of a pattern: mostly with what belongs there, now and then with anything. */
function filled(pattern: string, tie: (kind: Kind) => fc.Arbitrary<string>): fc.Arbitrary<string> {
  const parts = pattern.split(/<(\w+)>/);
  const fillings = parts.map((part, index) => {
    if (index % 2 === 0) return fc.constant(part);
    if (part === 'name') return name;
    return fc.oneof({ weight: 15, arbitrary: tie(part as Kind) }, { weight: 1, arbitrary: tie('odd') });
  });
  return fc.tuple(...fillings).map((made) => made.join(''));
}

const expressions = fc.letrec<Record<Kind, string>>((tie) => {
  const kind = (of: Kind): fc.Arbitrary<string> =>
    fc.oneof(
      { maxDepth: 3, depthIdentifier: 'expression' },
      fc.constantFrom(...plain[of]),
      ...patterns[of].map((one) => filled(one, tie)),
    );
  return {
    text: kind('text'),
    texts: kind('texts'),
    number: kind('number'),
    truth: kind('truth'),
    odd: kind('odd'),
  };
});

const any = fc.oneof(
  expressions.text,
  expressions.texts,
  expressions.number,
  expressions.truth,
  expressions.odd,
);

/** Which of several exceptions comes first is no matter. */
type Answer = { readonly value: string } | 'raises' | 'beyond';

function evaluatedHere(expression: string, data: Datastore): Answer {
  const parsed = parseExpression(expression);
  if (parsed.kind !== 'expression') return 'beyond';
  try {
    return { value: toText(evaluatePython(parsed.expression, data)) };
  } catch (error) {
    if (error instanceof BeyondFastPath) return 'beyond';
    if (error instanceof PythonRaised) return 'raises';
    throw error;
  }
}

const python = startPython(process.env['PATH'] ?? '');
afterAll(() => python.close());

test('what is evaluated without Python is what Python makes of it', () => {
  const data = createDatastore({ ...environmentOf({}, () => python), host: { machine: 'x86_64', cpus: 4 } });
  for (const [variable, value] of Object.entries(variables)) data.set(variable, value);
  const view = pythonView(data, undefined);
  let compared = 0;
  const property = fc.property(any, (expression) => {
    const here = evaluatedHere(expression, data);
    if (here === 'beyond') return;
    compared++;
    const there = python.evaluate(expression, view);
    expect([expression, here]).toEqual([expression, there.ok ? { value: there.value } : 'raises']);
  });
  const numRuns = process.env['VARVE_TEST_ALL'] === '1' ? 100_000 : 3_000;
  fc.assert(property, { seed: 20_260_701, numRuns });
  // A fast path that knows nothing would be right as well.
  expect(compared).toBeGreaterThan(numRuns / 4);
});
