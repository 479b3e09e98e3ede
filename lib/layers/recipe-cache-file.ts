/**
 * The form of the recipe cache on disk, three files: recipes and answers, a checksum and a line of JSON; beside it the
 * proofs in the same form, which a touch of every file renews and nothing else; and the details, each with a checksum in
 * the line of its recipe: most runs need few of them or none.
 */
import { hash, randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { FileSystem } from '../ports/world.ts';
import { byCodeUnit } from '../terms/ids.ts';
import type { RecipeFacts } from './metadata.ts';
import type { Warning } from './observe-reading.ts';
import type { Proof } from './text-memo.ts';

/** What is kept of one recipe. */
export interface KeptRecipe {
  readonly facts: RecipeFacts;
  /** What reading it asked of the disk. */
  readonly asked: readonly string[];
  readonly warnings: readonly Warning[];
  /** JSON texts, by what they are. */
  readonly details: ReadonlyMap<string, Detail>;
}

export interface Detail {
  /** The checksum that its bytes must have. */
  readonly sha256: string;
  /** As they are on the disk now; undefined: there are none. */
  bytes(): Buffer | undefined;
}

export interface RecipeCacheFile {
  readonly recipes: ReadonlyMap<string, KeptRecipe>;
  /** What the disk answered, by question. */
  readonly answers: ReadonlyMap<string, string>;
}

interface Header {
  readonly answers: readonly (readonly [question: string, answer: string])[];
  readonly recipes: readonly (readonly [
    name: string,
    facts: RecipeFacts,
    asked: readonly number[],
    warnings: readonly Warning[],
    details: readonly (readonly [what: string, start: number, end: number, sha256: string])[],
  ])[];
}

const sumLength = 64;
/** Of caches for this and other configurations (another MACHINE), this many files are left there. */
const mostFiles = 3 * 4;

/** Reads recipes and answers; undefined where there are none, or they are not whole. */
export function readRecipeCache(fs: FileSystem, path: string): RecipeCacheFile | undefined {
  const header = readWhole(fs, path) as Header | undefined;
  if (header === undefined) return undefined;
  const questions = header.answers.map(([question]) => question);
  let body: { readonly bytes: Buffer | undefined } | undefined;
  const details = (): Buffer | undefined => (body ??= { bytes: contentOf(fs, detailsOf(path)) }).bytes;
  return {
    answers: new Map(header.answers),
    recipes: new Map(
      header.recipes.map(([name, facts, asked, warnings, kept]) => [
        name,
        {
          facts,
          asked: asked.map((index) => questions[index] ?? ''),
          warnings,
          details: new Map(
            kept.map(([what, start, end, sum]) => [
              what,
              { sha256: sum, bytes: () => details()?.subarray(start, end) },
            ]),
          ),
        },
      ]),
    ),
  };
}

/** Where nothing can be written the next run finds out again what this one did. */
export function writeRecipeCache(fs: FileSystem, path: string, content: RecipeCacheFile): void {
  const { header, details } = encode(content);
  replace(fs, detailsOf(path), () => details);
  if (replace(fs, path, () => wholeOf(header))) removeOld(fs, dirname(path));
}

/** What an earlier run proved of files; nothing where that is not whole. */
export function readProofs(fs: FileSystem, path: string): readonly Proof[] {
  return (readWhole(fs, proofsOf(path)) as readonly Proof[] | undefined) ?? [];
}

/** `proofs` is given the time on the clock of the file system, in nanoseconds. */
export function writeProofs(fs: FileSystem, path: string, proofs: (now: bigint) => readonly Proof[]): void {
  replace(fs, proofsOf(path), (now) => wholeOf(proofs(now)));
}

const detailsOf = (path: string): string => `${path}.details`;
const proofsOf = (path: string): string => `${path}.proofs`;

/** Writes a file aside first; false where nothing can be written. */
function replace(fs: FileSystem, path: string, content: (now: bigint) => Buffer): boolean {
  const aside = join(dirname(path), randomUUID());
  try {
    fs.mkdirSync(dirname(path), { recursive: true });
    fs.writeFileSync(aside, '');
    fs.writeFileSync(aside, content(fs.statSync(aside, { bigint: true }).mtimeNs));
    fs.renameSync(aside, path);
    return true;
  } catch {
    fs.rmSync(aside, { force: true });
    return false;
  }
}

function wholeOf(value: unknown): Buffer {
  const line = Buffer.from(JSON.stringify(value));
  return Buffer.concat([Buffer.from(sha256(line)), line]);
}

/** Undefined where there is no such file, or it is not as it was written. */
function readWhole(fs: FileSystem, path: string): unknown {
  const bytes = contentOf(fs, path);
  return bytes !== undefined && bytes.toString('latin1', 0, sumLength) === sha256(bytes.subarray(sumLength))
    ? JSON.parse(bytes.toString('utf8', sumLength))
    : undefined;
}

function encode({ recipes, answers }: RecipeCacheFile): {
  readonly header: Header;
  readonly details: Buffer;
} {
  const questions = new Map([...answers.keys()].map((question, index) => [question, index]));
  const body: Buffer[] = [];
  let length = 0;
  const place = (detail: Detail): readonly [number, number, string] => {
    const bytes = bytesOf(detail) ?? Buffer.alloc(0);
    body.push(bytes);
    length += bytes.length;
    return [length - bytes.length, length, detail.sha256];
  };
  const header: Header = {
    answers: [...answers],
    recipes: [...recipes].map(([name, { facts, asked, warnings, details }]) => [
      name,
      facts,
      asked.map((question) => questions.get(question) ?? 0),
      warnings,
      [...details].map(([what, detail]) => [what, ...place(detail)]),
    ]),
  };
  return { header, details: Buffer.concat(body) };
}

function removeOld(fs: FileSystem, dir: string): void {
  const files = fs.readdirSync(dir).map((name) => {
    const path = join(dir, name);
    return { path, time: fs.statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 };
  });
  const oldest = files.toSorted((a, b) => b.time - a.time || byCodeUnit(a.path, b.path)).slice(mostFiles);
  for (const { path } of oldest) fs.rmSync(path, { force: true });
}

/** A detail of these bytes. */
export function detailOf(bytes: Buffer): Detail {
  return { sha256: sha256(bytes), bytes: () => bytes };
}

/** The bytes of a detail; undefined where they are gone, damaged, or another run's. */
export function bytesOf(detail: Detail): Buffer | undefined {
  const bytes = detail.bytes();
  return bytes !== undefined && sha256(bytes) === detail.sha256 ? bytes : undefined;
}

/** Undefined, whatever stands in the way: it is found out again. */
function contentOf(fs: FileSystem, path: string): Buffer | undefined {
  try {
    return fs.readFileSync(path);
  } catch {
    return undefined;
  }
}

function sha256(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}
