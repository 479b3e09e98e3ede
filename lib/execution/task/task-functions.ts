/** What one task consists of: functions, in the order in which they are called. */
import type { Datastore } from '../../language/datastore.ts';
import { splitWords } from '../../layers/split-words.ts';
import { splitBody, type NativeName, type Segment } from './split-body.ts';

export interface TaskFunction {
  readonly name: string;
  readonly python: boolean;
  /** Absolute; made empty before the function is called. */
  readonly cleandirs: readonly string[];
  /** Absolute; made before the function is called, which starts in the last. */
  readonly dirs: readonly string[];
  /** Of a Python function. */
  readonly segments: readonly Segment[];
  /** Where its text begins. */
  readonly file: string;
  readonly line: number;
}

/** Lists `[prefuncs]`, the task itself and `[postfuncs]`. */
export function taskFunctions(data: Datastore, task: string): readonly TaskFunction[] {
  return [...words(data, task, 'prefuncs'), task, ...words(data, task, 'postfuncs')].map((name) => {
    const python = isPython(data, name);
    return {
      name,
      python,
      cleandirs: words(data, name, 'cleandirs'),
      dirs: words(data, name, 'dirs'),
      segments: python ? splitBody(data.getRaw(name) ?? '') : [],
      file: data.rawFlag(name, 'filename') ?? '',
      line: Number(data.rawFlag(name, 'lineno') ?? '1'),
    };
  });
}

/** Whether nothing else is done in a task before patches are applied. */
export function beginsWithPatches(data: Datastore, task: string): boolean {
  const [first] = taskFunctions(data, task);
  const [segment] = first?.segments ?? [];
  return segment?.kind === 'native' && segment.name === 'patch';
}

/** What the engine does itself in a task. */
export function nativeNames(data: Datastore, task: string): ReadonlySet<NativeName> {
  const found = new Set<NativeName>();
  for (const name of [...words(data, task, 'prefuncs'), task, ...words(data, task, 'postfuncs')]) {
    if (!isPython(data, name)) continue;
    for (const segment of splitBody(data.getRaw(name) ?? ''))
      if (segment.kind === 'native') found.add(segment.name);
  }
  return found;
}

function isPython(data: Datastore, name: string): boolean {
  const flag = data.rawFlag(name, 'python');
  return flag !== undefined && flag !== '' && flag !== '0';
}

function words(data: Datastore, name: string, flag: string): readonly string[] {
  return splitWords(data.flag(name, flag));
}
