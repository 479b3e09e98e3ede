import { join } from 'node:path';
import { answerPython } from '../../language/answer-python.ts';
import { pythonView } from '../../language/python-view.ts';
import { writeOwnFile } from './own-directories.ts';
import { scriptPath, type FunctionCalls } from './run-functions.ts';
import { environmentOf } from './shell-call.ts';
import type { Segment } from './split-body.ts';
import type { TaskFunction } from './task-functions.ts';

/** A program to be started for a function. */
export interface Call {
  /** Where its text is written. */
  readonly script: string;
  readonly text: string;
  readonly command: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly answer?: (request: string) => string;
}

/** Makes the text of a Python function that a process of its own runs, and says how that is started. */
export function pythonCall(
  calls: FunctionCalls,
  called: TaskFunction,
  segment: Extract<Segment, { kind: 'python' }>,
): Call {
  const { recipe, data } = calls;
  const script = scriptPath(recipe, called.name, calls.world.pid);
  const definitions = `${script}.definitions`;
  writeOwnFile(
    calls.world,
    definitions,
    JSON.stringify(data.book.definitions.map(({ text, file, line }) => ({ text, file, line }))),
  );
  const view = pythonView(data, { file: called.file, line: called.line });
  const python = join(calls.hostTools, 'python3');
  return {
    script,
    text: segment.text,
    command: [
      python,
      '-I',
      '-B',
      join(calls.world.metaDir, 'python/run_task.py'),
      called.name,
      script,
      called.file,
      String(called.line + segment.line),
      definitions,
    ],
    env: Object.fromEntries(environmentOf(calls)),
    answer: (request) => answerPython(view, request),
  };
}
