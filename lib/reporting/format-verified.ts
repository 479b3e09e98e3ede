/** Whether tasks made the same again. */
import type { Verified, VerifiedTask } from '../operations/verify-recipe.ts';
import { diffDocument, formatDiff } from './format-diff.ts';
import { formatCount } from './format-quantity.ts';
import type { Paint } from './paint.ts';
import { printable } from './printable.ts';
import { showPath } from './shown-path.ts';

/** Lines of a log that are shown. */
const TAIL = 20;

/** Tells of one task, in a line. */
export function narrateVerified(verified: VerifiedTask, paint: Paint): string {
  const how = {
    same: paint.green('the same again'),
    other: paint.red('not the same'),
    failed: paint.red('failed'),
  };
  return `${verified.task}: ${how[verified.kind]}`;
}

/** Tells how it ended; of a task that made something else which file, and how it differs. */
export function formatVerified({ recipe, tasks }: Verified, paint: Paint): string {
  const last = tasks.at(-1);
  switch (last?.kind) {
    case undefined:
      return `${recipe} has no task that could be run again\n`;
    case 'same':
      return `${recipe}: ${formatCount(tasks.length, 'task')} made the same again\n`;
    case 'other': {
      const { files } = last.difference;
      const first = files[0] === undefined ? '' : `, first ${showPath(files[0].path)}`;
      const told = `${last.task} does not make the same again: ${formatCount(files.length, 'file')} differ${files.length === 1 ? 's' : ''}${first}`;
      return `${paint.bold(told)}\n${formatDiff(last.difference, { form: 'patch', paint })}`;
    }
    case 'failed': {
      const lines = last.log.trimEnd().split('\n').slice(-TAIL);
      const log = lines.map((line) => `  ${printable(line)}\n`).join('');
      return `${paint.bold(`${last.task} failed when it was run again: ${last.message}`)}\n${log}`;
    }
    default:
      return last satisfies never;
  }
}

/** What `--json` tells. */
export function verifiedDocument({ recipe, tasks }: Verified): object {
  return {
    schema: 1,
    recipe,
    ok: tasks.every(({ kind }) => kind === 'same'),
    tasks: tasks.map((each) =>
      each.kind === 'other' ? { task: each.task, kind: each.kind, ...diffDocument(each.difference) } : each,
    ),
  };
}
