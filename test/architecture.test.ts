import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const floors = [
  ['terms', 'ports'],
  ['trees', 'contents', 'packages', 'language', 'graph', 'signatures', 'planning', 'trust'],
  ['http'],
  ['layers', 'sources', 'history', 'artifacts', 'sysroot', 'proofs'],
  ['execution'],
  ['operations'],
  ['cli', 'reporting', 'world'],
];
const floorOf = (folder: string): number => floors.findIndex((names) => names.includes(folder));

const files = readdirSync('lib', { recursive: true, encoding: 'utf8' }).filter((file) =>
  /\/.*\.ts$/.test(file),
);
const textOf = (file: string): string => readFileSync(`lib/${file}`, 'utf8');

test('every folder of lib stands on a floor', () => {
  expect(files.filter((file) => floorOf(file.split('/')[0] ?? '') < 0)).toEqual([]);
});

/** The files of lib that a file imports, from lib. */
const importsOf = (file: string): readonly string[] =>
  [...textOf(file).matchAll(/(?:from|import\(?) ?'(\.[^']+)'/g)].map((match) =>
    join(file, '..', match[1] ?? ''),
  );

test('every import goes down: to a lower floor, or within words', () => {
  const climbs = files.flatMap((file) => {
    const from = file.split('/')[0] ?? '';
    return importsOf(file)
      .map((imported) => imported.split('/')[0] ?? '')
      .filter(
        (to) =>
          floorOf(to) > floorOf(from) || (to !== from && floorOf(to) === floorOf(from) && floorOf(to) > 0),
      )
      .filter((to) => !(from === 'cli' && (to === 'reporting' || to === 'world')))
      .map((to) => `${file} imports ${to}`);
  });
  expect(climbs).toEqual([]);
});

test('what stands at the top of operations is what the command line asks; its parts are below', () => {
  const asked = new Set(files.filter((file) => file.startsWith('cli/')).flatMap(importsOf));
  const unasked = files.filter((file) => /^operations\/[^/]+$/.test(file) && !asked.has(file));
  expect(unasked).toEqual([]);
});

test('only world and the program itself touch processes, the clock and the disk', () => {
  const outside = files
    .filter((file) => !file.startsWith('world/'))
    .flatMap((file) => {
      const code = textOf(file).replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
      const found = code.match(
        /\bconsole\.|\bprocess\.|Date\.now|new Date\(\)|Math\.random|import (?!type)[^;]*'node:(fs|child_process|os|process|fs\/promises)'/g,
      );
      return (found ?? []).map((text) => `${file}: ${text}`);
    });
  expect(outside).toEqual([]);
});

test('no file is too long to be read at a sitting', () => {
  expect(files.filter((file) => textOf(file).split('\n').length > 320)).toEqual([]);
});
