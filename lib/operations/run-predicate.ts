/** Runs a person's command in a scratch copy of a recorded tree. */
import { join } from 'node:path';
import { removeTree } from '../execution/remove-tree.ts';
import type { Answer } from '../planning/bisect-stepper.ts';
import { VarveError } from '../terms/varve-error.ts';
import type { TheRecord } from './open-record.ts';
import type { ResolvedTree } from './resolved-revision.ts';
import { writeResolved } from './write-resolved.ts';

/** Runs the command; stops the search where its exit status is no judgement (126, 127, 128 and more, a signal). */
export async function runPredicate(
  record: TheRecord,
  { name, resolved }: { readonly name: string; readonly resolved: ResolvedTree },
  { command, signal }: { readonly command: readonly string[]; readonly signal: AbortSignal },
): Promise<{ readonly answer: Answer; readonly status: number } | 'interrupted'> {
  const { world } = record;
  const scratch = world.fs.mkdtempSync(join(world.env['TMPDIR'] ?? '/tmp', 'varve-bisect-'));
  try {
    const dir = join(scratch, resolved.recipe);
    writeResolved(record, resolved, dir);
    const [program = '', ...args] = command;
    const env = { ...definedOnly(world.env), ...told(resolved) };
    const result = await world.runAsync(program, args, { cwd: dir, env, signal });
    if (signal.aborted) return 'interrupted';
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

/** What the command may want to know of the tree that it stands in. */
function told({ build, task }: ResolvedTree): Record<string, string> {
  return {
    ...(build !== undefined && { VARVE_BUILD: String(build) }),
    ...(task !== undefined && { VARVE_TASK: task }),
  };
}

function definedOnly(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

function lastLines(text: Buffer): readonly string[] {
  const lines = text
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '');
  return lines.slice(-3).map((line) => `it said: ${line}`);
}
