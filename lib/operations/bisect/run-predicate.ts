/** Runs a person's command in a scratch copy of a recorded tree. */
import { join } from 'node:path';
import { removeTree } from '../../execution/workdir/remove-tree.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { callersEnvironment } from '../shells/callers-environment.ts';
import type { TheRecord } from '../record/open-record.ts';
import { writeResolved } from '../record/write-resolved.ts';
import type { Judgement } from './judgements.ts';
import type { NamedTree } from './named-tree.ts';

/**
 * Runs the command; undefined where a person interrupted it. An exit status that is no judgement (126, 127, 128 and more,
 * a signal) is an error.
 */
export async function runPredicate(
  record: TheRecord,
  { name, resolved, told }: NamedTree,
  { command, signal }: { readonly command: readonly string[]; readonly signal: AbortSignal },
): Promise<Judgement | undefined> {
  const { world } = record;
  const scratch = world.fs.mkdtempSync(join(world.env['TMPDIR'] ?? '/tmp', 'varve-bisect-'));
  try {
    const dir = join(scratch, resolved.recipe);
    writeResolved(record, resolved, dir);
    const [program = '', ...args] = command;
    const env = { ...callersEnvironment(world), ...told };
    const result = await world.runAsync(program, args, { cwd: dir, env, signal });
    if (signal.aborted) return undefined;
    const status = result.status ?? -1;
    if (result.status === null || status >= 126) {
      const how =
        result.signal === null
          ? result.status === null
            ? 'could not be started'
            : `exited with ${status}`
          : `was ended by ${result.signal}`;
      throw new VarveError('usage', `the command ${how} in ${name}, which judges nothing`, {
        hints: [...lastLines(result.stderr), 'exit status 0 is good, 125 skips it, 1 to 124 is bad'],
      });
    }
    return { answer: status === 0 ? 'good' : status === 125 ? 'skip' : 'bad', status };
  } finally {
    removeTree(world, scratch);
  }
}

function lastLines(text: Buffer): readonly string[] {
  const lines = text
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '');
  return lines.slice(-3).map((line) => `it said: ${line}`);
}
