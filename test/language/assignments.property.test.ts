/** Sequences of statements, read by varve and worked out by a second model: slow, naive, with nothing in common. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDatastore } from '../../lib/language/datastore.ts';
import { expandKeys } from '../../lib/language/finalise-recipe.ts';
import { readConfiguration } from '../../lib/language/read-configuration.ts';
import {
  flagsOf,
  isLine,
  rename,
  replay,
  valueOf,
  written,
  type Line,
  type Model,
} from './assignment-model.ts';
import { environmentOf } from './memory-source.ts';

/** `two` is stronger than `one`; `off` is not active. */
const active = ['one', 'two'];
const override = fc.constantFrom('one', 'two', 'off');
const overrides = fc.array(override, { maxLength: 2 });
const text = fc.constantFrom('', 'a', 'b', ' a', 'b ', 'a b', '  c a', 'a  a\tb');
const operator = fc.constantFrom('=', '?=', '??=', '+=', '=+', '.=', '=.');

/** `A`, `A:one`, `A:two:one`, and where names may hold references `A:${N}`, which is `A:one` in the end. */
function nameOf(references: boolean): fc.Arbitrary<string> {
  const suffix = references ? fc.constantFrom('one', 'two', 'off', '${N}') : override;
  // Nobody writes A:one:one, where BitBake's answer hangs on the order of its records.
  const parts = fc.uniqueArray(suffix, { maxLength: 2, selector: (part) => part.replace('${N}', 'one') });
  return parts.map((all) => ['A', ...all].join(':'));
}

function lineOf(references: boolean): fc.Arbitrary<Line> {
  const name = nameOf(references);
  return fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('assign' as const), name, operator, text }) },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('late' as const),
        name,
        keyword: fc.constantFrom('append', 'prepend', 'remove'),
        when: overrides,
        text,
      }),
    },
    { weight: 1, arbitrary: fc.constant({ kind: 'unset' } as const) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('flag' as const),
        name,
        flag: fc.constantFrom('doc', 'x'),
        operator,
        text,
      }),
    },
    { weight: 1, arbitrary: fc.constant({ kind: 'unset-flag', flag: 'doc' } as const) },
  );
}

type Read = ReturnType<typeof createDatastore>;

function read(lines: readonly Line[]): Read {
  const source = ['OVERRIDES = "one:two"', 'N = "one"', ...lines.map(written), ''].join('\n');
  const environment = environmentOf({ '/c.conf': source });
  const data = createDatastore(environment);
  readConfiguration(data, '/c.conf', environment);
  return data;
}

/** Everything that can be asked of A and its overrides. */
function answers(data: Read): unknown {
  return names.map((name) => [name, data.get(name), Object.fromEntries(data.flags(name))]);
}

function expected(model: Model): unknown {
  return names.map((name) => [name, valueOf(model, name, active), flagsOf(model, name)]);
}

const names = ['A', 'A:one', 'A:two', 'A:off', 'A:one:two', 'A:two:one'];

test('any sequence of statements comes to what the rules say', () => {
  fc.assert(
    fc.property(fc.array(lineOf(false), { maxLength: 14 }), (lines) => {
      expect(answers(read(lines))).toEqual(expected(replay(lines)));
    }),
    { numRuns: 2000 },
  );
});

test('names that hold references come to what the rules say once they are given their final form', () => {
  fc.assert(
    fc.property(fc.array(lineOf(true), { maxLength: 12 }), (lines) => {
      const data = read(lines);
      expandKeys(data);
      expect(answers(data)).toEqual(expected(rename(replay(lines), active)));
    }),
    { numRuns: 2000 },
  );
});

test('what is written to a copy is not seen in the original, nor the other way round', () => {
  fc.assert(
    fc.property(
      fc.array(lineOf(false), { maxLength: 8 }),
      fc.array(lineOf(false), { maxLength: 8 }),
      (before, after) => {
        const data = read(before);
        const original = answers(data);
        const copy = data.copy();
        for (const one of after.filter(isLine('assign'))) copy.assign(one.name, one.text);
        copy.setFlag('A', 'doc', 'in the copy');
        expect(answers(data)).toEqual(original);
        data.set('A', 'in the original');
        expect(copy.get('A')).not.toBe('in the original');
      },
    ),
  );
});

test('a value that was asked for before is right again after each statement', () => {
  fc.assert(
    fc.property(fc.array(lineOf(false), { maxLength: 8 }), (lines) => {
      const data = read([]);
      data.assign('B', '<${A}>');
      for (const one of lines.filter(isLine('assign'))) {
        data.assign(one.name, one.text);
        expect(data.get('B')).toBe(`<${data.get('A') ?? '${A}'}>`);
        expect(data.copy().get('B')).toBe(data.get('B'));
      }
    }),
  );
});
