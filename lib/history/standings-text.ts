/** The list beside builds.git of where recipes stood, as it is written. */
import { createHash } from 'node:crypto';
import type { FileSystem } from '../ports/world.ts';
import { byCodeUnit, type CommitId } from '../terms/ids.ts';
import { standingsList } from '../terms/places.ts';
import { readBytesIfThere } from './replace-file.ts';

export interface ListedBuild {
  readonly commit: CommitId;
  /** Seconds since the epoch, as its commit has it; absent where the list has the form before. */
  readonly time?: number;
}

export interface List {
  readonly builds: readonly Required<ListedBuild>[];
  /** The lines of each, by `ARCH/PN`, escaped. */
  readonly recipes: ReadonlyMap<string, string>;
}

/** The list as it was read: of a thousand recipes few are asked about. */
export interface OpenList {
  readonly builds: readonly ListedBuild[];
  /** All recipes, or those whose `ARCH/PN` ends so. */
  recipes(end?: string): List['recipes'];
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

const HEAD = 'varve standings 5';
/** That one had no times: it is as good for all else, until it is written anew. */
const HEAD_BEFORE = 'varve standings 4';
/** With its newline. */
const CHECKSUM = 41;
export const EMPTY: OpenList = { builds: [], recipes: () => new Map() };

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

/** The lines of a recipe in which a word stands between others. */
export function linesWith(text: string, word: string): readonly string[] {
  const found = [];
  const sought = ` ${word} `;
  let at = text.indexOf(sought);
  while (at !== -1) {
    const end = text.indexOf('\n', at);
    found.push(text.slice(text.lastIndexOf('\n', at) + 1, end));
    at = text.indexOf(sought, end);
  }
  return found;
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
    `${HEAD}\n${builds.map(({ commit, time }) => `${commit} ${time}\n`).join('')}`,
    ...sorted.map(([key, lines]) => `${key}\n${lines}`),
  ];
  const text = `${paragraphs.join('\n')}\n`;
  return `${text}${sha1(text)}\n`;
}

/** Opens the list; where it is missing or damaged, it knows no build. */
export function openList(fs: FileSystem, gitDir: string): OpenList {
  const bytes = readBytesIfThere(fs, standingsList(gitDir)) ?? Buffer.alloc(0);
  const text = bytes.subarray(0, -CHECKSUM);
  if (bytes.toString('latin1', text.length) !== `${sha1(text)}\n`) return EMPTY;
  const end = text.indexOf('\n\n');
  const [head, ...builds] = text.toString('latin1', 0, end).split('\n');
  if (head !== HEAD && head !== HEAD_BEFORE) return EMPTY;
  const recipes: OpenList['recipes'] = (named = '') => new Map(paragraphs(text, end + 2, named));
  return { builds: builds.map(readBuild), recipes };
}

function readBuild(line: string): ListedBuild {
  const [commit, time] = line.split(' ');
  return { commit: commit as CommitId, ...(time !== undefined && { time: Number(time) }) };
}

/** Only what is asked for is made a text of. */
function* paragraphs(text: Buffer, from: number, named: string): Generator<readonly [string, string]> {
  for (let [at, end] = [from, 0]; at < text.length; at = end + 2) {
    const first = text.indexOf('\n', at);
    end = text.indexOf('\n\n', first);
    const key = text.toString('latin1', at, first);
    if (key.endsWith(named)) yield [key, text.toString('latin1', first + 1, end + 1)];
  }
}

const sha1 = (text: string | Uint8Array): string => createHash('sha1').update(text).digest('hex');
