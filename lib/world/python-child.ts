/** A python3 beside varve, spoken to in turns: who asks waits, as the language needs it. */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { answerPython } from '../language/answer-python.ts';
import { isScript } from '../ports/is-script.ts';
import type { Python, PythonData, PythonResult } from '../ports/python.ts';
import { VarveError } from '../terms/varve-error.ts';
import { openLine } from './line-child.ts';
import { metaDir } from './meta-dir.ts';
import { pythonsIn } from './pythons.ts';

export interface PythonChild extends Python {
  /** Ends it before varve ends. */
  close(): void;
}

const program = join(metaDir, 'python/serve.py');

const gone: PythonResult = {
  ok: false,
  failure: { type: 'PythonGone', message: 'python3 has ended, and answers nothing any more', frames: [] },
};

/**
 * Starts python3; a clear error where the machine has none. It ends with varve. `later`: its clock is a year on, so that
 * what hangs on the time comes out otherwise.
 */
export function startPython(path: string, later = false): PythonChild {
  // What Python thinks of the style of an expression is not for who builds.
  const line = openLine([findPython(path), '-s', '-B', '-W', 'ignore', program], {
    stdio: (questions, answers) => ['ignore', 'ignore', 'inherit', questions, answers],
    // What the caller's environment holds is not metadata, and the order of a set is the same each time.
    env: {
      PATH: path,
      ...(later ? { VARVE_LATER: '1' } : {}),
      HOME: process.env['HOME'],
      LC_ALL: 'C.UTF-8',
      PYTHONHASHSEED: '0',
    },
  });
  const ask = (message: object, data: PythonData | undefined): PythonResult => {
    let text = line.exchange(JSON.stringify(message));
    while (text !== undefined) {
      const answer = JSON.parse(text) as PythonResult | { readonly call: string };
      if ('ok' in answer) return answer;
      text = line.exchange(
        data === undefined ? '{"error":"there is no datastore here"}' : answerPython(data, text),
      );
    }
    return gone;
  };
  return {
    evaluate: (text, data) => ask({ op: 'evaluate', text }, data),
    define: (block) => ask({ op: 'define', ...block }, undefined),
    execute: (body, data) => ask({ op: 'execute', ...body }, data),
    fire: (event, data) => ask({ op: 'fire', ...event }, data),
    close: () => line.close(),
  };
}

/** The interpreter itself: what PATH has may be a script that chooses one. */
function findPython(path: string): string {
  const [first] = pythonsIn(path);
  if (first !== undefined && !isScript(fs, first)) return first;
  const asked = spawnSync('python3', ['-I', '-S', '-c', 'import sys; print(sys.executable)'], {
    env: { PATH: path },
    encoding: 'utf8',
  });
  const found = asked.status === 0 ? asked.stdout.trim() : '';
  if (found !== '') return found;
  throw new VarveError('metadata', 'this needs Python, and no python3 is in PATH', {
    hints: ['apt-get install python3', 'Recipes without Python of their own build without it.'],
  });
}
