import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { python, store } from './python-store.ts';

/** The first cell of a row, where it does not name the object whose names the second lists. */
const objects: Readonly<Record<string, string>> = {
  '`bb.utils`: words': 'bb.utils',
  versions: 'bb.utils',
  dependencies: 'bb.utils',
  files: 'bb.utils',
  machine: 'bb.utils',
  '`bb.fetch2`, `bb.fetch`': 'bb.fetch2',
};

/** Every name that docs/language.md lists, `bb.utils.contains`. */
function documentedNames(): readonly string[] {
  const text = readFileSync('docs/language.md', 'utf8');
  const rows = [...text.matchAll(/^\| (.*?) \| (.*) \|$/gm)].filter(([, , names]) => names?.startsWith('`'));
  return rows.flatMap(([, first = '', names = '']) => {
    const object = objects[first] ?? first.replaceAll('`', '');
    return [...names.matchAll(/`(\w+)`/g)].map(([, name]) => `${object}.${name ?? ''}`);
  });
}

test('the names of bb, oe and d that the documentation lists are there', () => {
  const names = documentedNames().filter((name) => /^(?:bb|oe\.(?:utils|path)|d)\b/.test(name));
  expect(names.length).toBeGreaterThan(150);
  const looked = names.filter((name) => !['bb.BitBake', 'd.in', 'd.items'].includes(name));
  const missing = `[n for n in ${JSON.stringify(looked)} if not hasattr(eval(n.rpartition('.')[0], {'bb': bb, 'oe': oe, 'd': d}), n.rpartition('.')[2])]`;
  expect(python().evaluate(missing, store().view)).toEqual({ ok: true, value: '[]' });
});
