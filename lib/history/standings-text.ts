/** The list beside builds.git of where recipes stood, as it is written. */
import { createHash } from 'node:crypto';
import type { FileSystem } from '../ports/world.ts';
import { byCodeUnit, type CommitId } from '../terms/ids.ts';
import { standingsList } from '../terms/places.ts';
import { readIfThere } from './replace-file.ts';

export interface List {
  readonly builds: readonly CommitId[];
  /** By `ARCH/PN`, escaped. */
  readonly recipes: ReadonlyMap<string, string>;
}

/** In which builds, by their places in the list, a recipe had which directory, and what that said. */
export interface Recipe {
  readonly directories: Spans;
  readonly trees: Spans;
  /** By line. */
  readonly tasks: Spans;
  /** By directory, of those that have one, escaped. */
  readonly artifacts: ReadonlyMap<string, string>;
}

/** By what was so, first and last places in turn. */
export type Spans = ReadonlyMap<string, readonly number[]>;

const HEAD = 'varve standings 4';
/** With its newline. */
const CHECKSUM = 41;
export const EMPTY: List = { builds: [], recipes: new Map() };

/**
 * `directory <oid> 0 4 7 7`, `tree <oid> 0 7` and `task <name> <signature> <commit> 0 7`: first and last places in turn; then
 * `artifact <oid> <text>`, escaped, a line a directory.
 */
export function formatRecipe({ directories, trees, tasks, artifacts }: Recipe): string {
  const lines = (word: string, spans: Spans): readonly string[] =>
    [...spans].map(([what, ends]) => `${word} ${what} ${ends.join(' ')}\n`);
  const texts = [...artifacts].map(([oid, text]) => `artifact ${oid} ${text}\n`);
  return [
    ...lines('directory', directories),
    ...lines('tree', trees),
    ...lines('task', tasks),
    ...texts,
  ].join('');
}

export function parseRecipe(text: string): Recipe {
  const lines = text.split('\n');
  return {
    directories: parseSpans(lines, 'directory'),
    trees: parseSpans(lines, 'tree'),
    tasks: parseSpans(lines, 'task'),
    artifacts: parseArtifacts(lines),
  };
}

/** How many words say what was so. */
const WORDS = { directory: 1, tree: 1, task: 3 };

/** The lines of a word; of one thing only, where its first word is given. */
export function parseSpans(lines: readonly string[], word: keyof typeof WORDS, first?: string): Spans {
  const begin = first === undefined ? `${word} ` : `${word} ${first} `;
  return new Map(
    lines
      .filter((line) => line.startsWith(begin))
      .map((line) => {
        const words = line.split(' ');
        const end = 1 + WORDS[word];
        return [words.slice(1, end).join(' '), words.slice(end).map(Number)];
      }),
  );
}

export function parseArtifacts(lines: readonly string[]): ReadonlyMap<string, string> {
  const found = lines.filter((line) => line.startsWith('artifact '));
  return new Map(found.map((line) => line.split(' ').slice(1) as [string, string]));
}

/** Paragraphs: the builds, then a recipe each. The checksum of all before it ends the list. */
export function encodeList({ builds, recipes }: List): string {
  const sorted = [...recipes].toSorted(([a], [b]) => byCodeUnit(a, b));
  const paragraphs = [
    `${HEAD}\n${builds.map((commit) => `${commit}\n`).join('')}`,
    ...sorted.map(([key, lines]) => `${key}\n${lines}`),
  ];
  const text = `${paragraphs.join('\n')}\n`;
  return `${text}${sha1(text)}\n`;
}

export function readList(fs: FileSystem, gitDir: string): List {
  const bytes = readIfThere(fs, standingsList(gitDir)) ?? '';
  const text = bytes.slice(0, -CHECKSUM);
  if (bytes.slice(-CHECKSUM) !== `${sha1(text)}\n`) return EMPTY;
  const [builds = '', ...paragraphs] = text.slice(0, -2).split('\n\n');
  const [head, ...commits] = builds.trimEnd().split('\n');
  if (head !== HEAD) return EMPTY;
  const recipes = paragraphs.map((paragraph) => {
    const end = paragraph.indexOf('\n');
    return [paragraph.slice(0, end), paragraph.slice(end + 1)] as const;
  });
  return { builds: commits as CommitId[], recipes: new Map(recipes) };
}

const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex');
