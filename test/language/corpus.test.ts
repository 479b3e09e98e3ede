import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { describeParsed } from '../../lib/operations/parsing/describe-parsed.ts';
import { parseBare } from '../../lib/operations/parse-bare.ts';
import { ParseFailed } from '../../lib/operations/parsing/parse-failed.ts';
import type { World } from '../../lib/ports/world.ts';
import { bareDocument } from '../../lib/reporting/format-parsed.ts';
import { errorDocument } from '../../lib/reporting/report-error.ts';
import { startPython, type PythonChild } from '../../lib/world/python-child.ts';
import { createWorld } from '../../lib/world/world.ts';

const folder = 'fixtures/corpus';

/** As fixtures/corpus/README.md describes it. */
interface CorpusCase {
  readonly id: string;
  readonly about: string;
  readonly files: Readonly<Record<string, string>>;
  readonly parse: string;
  readonly appends?: readonly string[];
  readonly variant?: string;
  readonly want?: readonly string[];
  readonly raw?: readonly string[];
  readonly sig?: boolean;
  readonly sigValues?: readonly string[];
  readonly expect: Readonly<Record<string, unknown>> | null;
  readonly expectError: { readonly phase: string; readonly file?: string; readonly line?: number } | null;
}

let started: PythonChild | undefined;

/** One python3 for all cases, as for all recipes of a build. */
const world: World = {
  ...createWorld(),
  python: () => (started ??= startPython(process.env['PATH'] ?? '')),
};

const scratch = mkdtempSync(join(tmpdir(), 'varve-corpus-'));
afterAll(() => {
  started?.close();
  rmSync(scratch, { recursive: true });
});

/** What `varve parse --bare --json` prints for the case. */
function answered(one: CorpusCase): unknown {
  const top = join(scratch, one.id);
  for (const [path, text] of Object.entries(one.files)) {
    mkdirSync(dirname(join(top, path)), { recursive: true });
    writeFileSync(join(top, path), text);
  }
  const { want = [], raw = [], sig = false, sigValues = [], variant } = one;
  const request = {
    file: join(top, one.parse),
    top,
    appends: (one.appends ?? []).map((append) => join(top, append)),
    ...(variant === undefined ? {} : { variant }),
  };
  try {
    const read = parseBare(world, request, () => {});
    return bareDocument(describeParsed(read, { want, raw, sig, sigValues }), top);
  } catch (error) {
    if (error instanceof ParseFailed) return errorDocument(error, world.fs);
    throw error;
  }
}

/** What it must print. Of an error: its phase, and file and line where BitBake names them. */
function expected({ expect: answer, expectError }: CorpusCase): unknown {
  if (answer !== null) return answer;
  const { phase, file, line } = expectError ?? {};
  const error = {
    phase,
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
  };
  return expect.objectContaining({ error: expect.objectContaining(error) });
}

const groups = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .sort();

for (const file of groups) {
  describe(`the corpus of BitBake's answers, ${file.replace('.json', '')}`, () => {
    const { cases } = JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as {
      readonly cases: readonly CorpusCase[];
    };
    for (const one of cases) {
      test(`${one.id}: ${one.about}`, () => expect(answered(one)).toEqual(expected(one)));
    }
  });
}
