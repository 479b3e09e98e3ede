/**
 * The form of the recipe cache on disk: a checksum of a line of JSON, that line, then the details, each with a checksum
 * in the line: most runs need few of them.
 */
import { createHash, randomUUID } from 'node:crypto';
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
  readonly bytes: Buffer;
  /** The checksum that `bytes` must have. */
  readonly sha256: string;
}

export interface RecipeCacheFile {
  readonly recipes: ReadonlyMap<string, KeptRecipe>;
  /** What the disk answered, by question. */
  readonly answers: ReadonlyMap<string, string>;
  readonly proofs: readonly Proof[];
}

interface Header {
  readonly proofs: readonly Proof[];
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
/** Of caches for other configurations (another MACHINE), this many are left there. */
const mostFiles = 4;

/** Reads the file; undefined where there is none, or it is not whole. */
export function readRecipeCache(fs: FileSystem, path: string): RecipeCacheFile | undefined {
  let bytes: Buffer;
  try {
    bytes = fs.readFileSync(path);
  } catch {
    return undefined;
  }
  const end = bytes.indexOf('\n');
  const line = bytes.subarray(sumLength, end);
  if (bytes.toString('latin1', 0, sumLength) !== sha256(line)) return undefined;
  const header = JSON.parse(line.toString('utf8')) as Header;
  const body = bytes.subarray(end + 1);
  const questions = header.answers.map(([question]) => question);
  return {
    proofs: header.proofs,
    answers: new Map(header.answers),
    recipes: new Map(
      header.recipes.map(([name, facts, asked, warnings, details]) => [
        name,
        {
          facts,
          asked: asked.map((index) => questions[index] ?? ''),
          warnings,
          details: new Map(
            details.map(([what, start, stop, sum]) => [
              what,
              { bytes: body.subarray(start, stop), sha256: sum },
            ]),
          ),
        },
      ]),
    ),
  };
}

/**
 * Writes the file whole, aside first. `proofs` is given the time on the clock of the file system, in nanoseconds. Where
 * nothing can be written the next run finds out again what this one did.
 */
export function writeRecipeCache(
  fs: FileSystem,
  path: string,
  content: Omit<RecipeCacheFile, 'proofs'> & { readonly proofs: (now: bigint) => readonly Proof[] },
): void {
  const aside = join(dirname(path), randomUUID());
  try {
    fs.mkdirSync(dirname(path), { recursive: true });
    fs.writeFileSync(aside, '');
    const proofs = content.proofs(fs.statSync(aside, { bigint: true }).mtimeNs);
    fs.writeFileSync(aside, encode({ ...content, proofs }));
    fs.renameSync(aside, path);
    removeOld(fs, dirname(path));
  } catch {
    fs.rmSync(aside, { force: true });
  }
}

function encode({ recipes, answers, proofs }: RecipeCacheFile): Buffer {
  const questions = new Map([...answers.keys()].map((question, index) => [question, index]));
  const body: Buffer[] = [];
  let length = 0;
  const place = (detail: Detail): [number, number, string] => {
    body.push(detail.bytes);
    length += detail.bytes.length;
    return [length - detail.bytes.length, length, detail.sha256];
  };
  const header: Header = {
    proofs,
    answers: [...answers],
    recipes: [...recipes].map(([name, { facts, asked, warnings, details }]) => [
      name,
      facts,
      asked.map((question) => questions.get(question) ?? 0),
      warnings,
      [...details].map(([what, detail]) => [what, ...place(detail)]),
    ]),
  };
  const line = Buffer.from(JSON.stringify(header));
  return Buffer.concat([Buffer.from(sha256(line)), line, Buffer.from('\n'), ...body]);
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
  return { bytes, sha256: sha256(bytes) };
}

/** The bytes of a detail; undefined where they are damaged. */
export function bytesOf(detail: Detail): Buffer | undefined {
  return sha256(detail.bytes) === detail.sha256 ? detail.bytes : undefined;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
