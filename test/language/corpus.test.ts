import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Python } from '../../lib/ports/python.ts';
import { startPython } from '../../lib/world/python-child.ts';
import { answer, expected, type CorpusCase } from './corpus-case.ts';

const folder = 'fixtures/corpus';

/** Cases not answered yet. One that is answered after all fails its test, so that it is taken out of here. */
const pending: Readonly<Record<string, string>> = {
  'events-001': 'event handlers; left for the language issue',
  'events-003': 'event handlers; left for the language issue',
  'pyfunc-024': 'a value that is no text; left for the language issue',
};

let started: Python | undefined;
const atExit: NodeJS.ExitListener[] = [];

/** One python3 for all cases, as for all recipes of a build. It ends with the process: here with the tests. */
function python(): Python {
  if (started === undefined) {
    const before = new Set(process.listeners('exit'));
    started = startPython(process.env['PATH'] ?? '');
    atExit.push(...process.listeners('exit').filter((listener) => !before.has(listener)));
  }
  return started;
}

const scratch = mkdtempSync(join(tmpdir(), 'varve-corpus-'));
afterAll(() => {
  for (const listener of atExit) {
    process.removeListener('exit', listener);
    Reflect.apply(listener, process, [0]);
  }
  rmSync(scratch, { recursive: true });
});

/** The files of a case are on disk as well: Python may open them. */
function answered(one: CorpusCase): unknown {
  const top = join(scratch, one.id);
  for (const [path, text] of Object.entries(one.files)) {
    mkdirSync(dirname(join(top, path)), { recursive: true });
    writeFileSync(join(top, path), text);
  }
  return answer(one, top, python);
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
      const name = `${one.id}: ${one.about}`;
      const reason = pending[one.id];
      if (reason === undefined) test(name, () => expect(answered(one)).toEqual(expected(one)));
      else test.fails(`${name} (${reason})`, () => expect(answered(one)).toEqual(expected(one)));
    }
  });
}
