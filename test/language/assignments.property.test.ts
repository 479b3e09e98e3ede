import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDatastore } from '../../lib/language/datastore.ts';
import { readConfiguration } from '../../lib/language/read-configuration.ts';
import { environmentOf } from './memory-source.ts';

/** `A:one:append += "x"`, taken apart. */
interface Line {
  readonly suffix: string;
  readonly late: '' | ':append' | ':prepend' | ':remove';
  readonly when: string;
  readonly operator: string;
  readonly text: string;
}

const override = fc.constantFrom('one', 'two', 'off');
const line: fc.Arbitrary<Line> = fc.record({
  suffix: fc.oneof(fc.constant(''), override),
  late: fc.constantFrom('', '', ':append', ':prepend', ':remove'),
  when: fc.oneof(fc.constant(''), override),
  operator: fc.constantFrom('=', '?=', '??=', '+=', '=+', '.=', '=.'),
  text: fc.constantFrom('', 'a', 'b', ' a', 'b ', 'a b', '  c a'),
});

function written({ suffix, late, when, operator, text }: Line): string {
  const name = `A${suffix === '' ? '' : `:${suffix}`}`;
  return late === ''
    ? `${name} ${operator} "${text}"`
    : `${name}${late}${when === '' ? '' : `:${when}`} = "${text}"`;
}

/** OVERRIDES of every test: `two` is stronger than `one`, `off` is not active. */
const active = ['one', 'two'];

/** What BitBake's manual says, worked out from the whole list for each question: slow, and with no state at all. */
function model(lines: readonly Line[]): string | undefined {
  const chosen = active.toReversed().find((name) => own(lines, name) !== undefined);
  const value =
    (chosen === undefined ? undefined : lately(lines, chosen, own(lines, chosen))) ?? own(lines, '');
  const late = lately(lines, '', value);
  if (late === undefined || late === '') return late;
  const removed = ['', ...(chosen === undefined ? [] : [chosen])].flatMap((suffix) =>
    removals(lines, suffix, late),
  );
  return late
    .split(/(\s)/)
    .filter((part) => !removed.includes(part))
    .join('');
}

function own(lines: readonly Line[], suffix: string): string | undefined {
  const mine = lines.filter((one) => one.suffix === suffix && one.late === '');
  const weak = mine.findLast((one) => one.operator === '??=')?.text;
  const value = mine.reduce<string | undefined>((old, { operator, text }) => {
    switch (operator) {
      case '=':
        return text;
      case '?=':
        return old ?? text;
      case '+=':
        return `${old ?? ''} ${text}`;
      case '=+':
        return `${text} ${old ?? ''}`;
      case '.=':
        return `${old ?? ''}${text}`;
      case '=.':
        return `${text}${old ?? ''}`;
      default:
        return old;
    }
  }, undefined);
  const base = value ?? weak;
  // A name that was only ever added to has a value as well, once an addition takes effect.
  return base ?? (suffix !== '' && additions(lines, suffix).length > 0 ? '' : undefined);
}

function additions(lines: readonly Line[], suffix: string): readonly Line[] {
  return lines.filter(
    (one) =>
      one.suffix === suffix &&
      (one.late === ':append' || one.late === ':prepend') &&
      (one.when === '' || active.includes(one.when)),
  );
}

function lately(lines: readonly Line[], suffix: string, value: string | undefined): string | undefined {
  const all = additions(lines, suffix);
  if (all.length === 0) return value;
  const after = all.filter((one) => one.late === ':append').map((one) => one.text);
  const before = all.filter((one) => one.late === ':prepend').map((one) => one.text);
  return [...before.toReversed(), value ?? '', ...after].join('');
}

/** The words that are taken out; those of the override only where they stand in its own value. */
function removals(lines: readonly Line[], suffix: string, whole: string): readonly string[] {
  const scope = suffix === '' ? whole : (lately(lines, suffix, own(lines, suffix)) ?? '');
  return lines
    .filter((one) => one.suffix === suffix && one.late === ':remove')
    .filter((one) => one.when === '' || active.includes(one.when))
    .map((one) => one.text.split(/\s+/).filter((word) => word !== ''))
    .filter((words) => words.some((word) => scope.split(/\s+/).includes(word)))
    .flat();
}

function read(lines: readonly Line[]): ReturnType<typeof createDatastore> {
  const text = ['OVERRIDES = "one:two"', ...lines.map(written), ''].join('\n');
  const environment = environmentOf({ '/c.conf': text });
  const data = createDatastore(environment);
  readConfiguration(data, '/c.conf', environment);
  return data;
}

test('any sequence of assignments, additions and overrides comes to what the rules say', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
      // An override that was only deleted from, never set, stands for nothing.
      const overridden = active.filter((name) => lines.some((one) => one.suffix === name));
      const whole = overridden.every((name) => own(lines, name) !== undefined) ? lines : [];
      expect(read(whole).get('A')).toBe(model(whole));
    }),
    { numRuns: 2000 },
  );
});

test('what is written to a copy is not seen in the original, nor the other way round', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), fc.array(line, { maxLength: 8 }), (before, after) => {
      const data = read(before);
      const value = data.get('A');
      const copy = data.copy();
      for (const { suffix, text } of after) copy.assign(suffix === '' ? 'A' : `A:${suffix}`, text);
      copy.setFlag('A', 'doc', 'in the copy');
      expect(data.get('A')).toBe(value);
      expect(data.rawFlag('A', 'doc')).toBeUndefined();
      data.set('A', 'in the original');
      expect(copy.get('A')).not.toBe('in the original');
    }),
  );
});

test('a value that was asked for before is right again after each statement', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
      const data = read([]);
      data.assign('B', '<${A}>');
      for (const one of lines.filter(({ late }) => late === '')) {
        data.assign(one.suffix === '' ? 'A' : `A:${one.suffix}`, one.text);
        expect(data.get('B')).toBe(`<${data.get('A') ?? '${A}'}>`);
        expect(data.copy().get('B')).toBe(data.get('B'));
      }
    }),
  );
});
