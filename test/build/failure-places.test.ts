import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeWorkspace, plainRecipe } from '../support/workspace.ts';

test('a task that fails tells where the function that failed is written', () => {
  const w = makeWorkspace({
    files: {
      'recipes/own_1.bb': plainRecipe({ do_install: 'false' }),
      'recipes/after_1.bb': plainRecipe(
        { do_install: ':' },
        'do_install[postfuncs] += "look"\nlook() {\n\ttrue\n}\nlook:append() {\n\tfalse\n}\n',
      ),
    },
  });
  const lineOf = (recipe: string, text: string): number => {
    const lines = readFileSync(join(w.layer, `recipes/${recipe}_1.bb`), 'utf8').split('\n');
    return lines.findIndex((line) => line.startsWith(text)) + 1;
  };
  const placesIn = (recipe: string): readonly string[] =>
    [...w.varve('build', recipe).said.matchAll(/^ {2}from +(\S+)$/gm)].map(([, place = '']) =>
      place.replace(/^.*\//, ''),
    );
  expect(placesIn('own')).toEqual([`own_1.bb:${lineOf('own', 'do_install()')}`]);
  expect(placesIn('after')).toEqual([
    `after_1.bb:${lineOf('after', 'look()')}`,
    `after_1.bb:${lineOf('after', 'look:append()')}`,
  ]);
});
