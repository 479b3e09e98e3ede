/** What lies behind a change: the states of other tasks that a task speaks of may be older than the last build. */
import type { TaskId } from '../terms/ids.ts';
import type { Input } from '../terms/inputs.ts';
import { signatureIn } from './after-input.ts';
import type { InputChange } from './compare-inputs.ts';
import { compareState, inOrder, taskBehind, type ChangedTasks, type InputsOf } from './compare-states.ts';

/** Finds the inputs that a task had when it stood as `input` says: by its signature, or by what it produced. */
export type FindState = (task: TaskId, input: Pick<Input, 'kind' | 'value'>) => readonly Input[] | undefined;

/**
 * Compares the inputs of each task, and of those behind them that changed in between: since do_install last saw do_compile,
 * builds may have made do_compile alone.
 */
export function followChanges(
  changed: ReadonlyMap<TaskId, InputsOf>,
  find: { readonly before: FindState; readonly after: FindState },
): ChangedTasks {
  const states = new Map(changed);
  const compared = new Map([...changed].map(([task, inputs]) => [task, compareState(task, inputs)]));
  const queue = new Set(changed.keys());
  for (const task of queue) {
    for (const change of compared.get(task)?.changes ?? []) {
      const behind = taskBehind(task, change);
      const state =
        behind === undefined ? undefined : stateBehind(states.get(behind), behind, { change, find });
      if (behind === undefined || state === undefined) continue;
      states.set(behind, state);
      compared.set(behind, compareState(behind, state));
      // It is looked at again where its earlier state is another one than was thought.
      queue.delete(behind);
      queue.add(behind);
    }
  }
  return inOrder(compared);
}

interface Behind {
  readonly change: InputChange;
  readonly find: { readonly before: FindState; readonly after: FindState };
}

/** The states between which the task behind a change changed; undefined where what is known of it will do. */
function stateBehind(
  known: InputsOf | undefined,
  task: TaskId,
  { change: { kind, from, to }, find }: Behind,
): InputsOf | undefined {
  if (from === undefined || to === undefined) return undefined;
  const was = kind === 'after' ? signatureIn(from) : undefined;
  const isKnown = kind === 'after' ? known?.was === was : known !== undefined;
  if (isKnown) return undefined;
  const before = find.before(task, { kind, value: from });
  const listed = known?.hangsOn === undefined ? known?.after : undefined;
  const after = listed ?? find.after(task, { kind, value: to });
  return before === undefined || after === undefined ? undefined : { before, after, was };
}
