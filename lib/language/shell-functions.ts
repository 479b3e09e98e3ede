import type { Datastore } from './datastore.ts';
import { splitWords } from './python-values.ts';
import { scanShell } from './scan-shell.ts';

/**
 * Lists the shell functions that the run script of `name` must define: itself, and those that it calls, directly or
 * not, or that `[vardeps]` says it calls. In the order found, itself first.
 */
export function shellFunctions(data: Datastore, name: string): readonly string[] {
  const found = new Set([name]);
  for (const one of found) {
    const called = [
      ...scanShell(data.environment, data.get(one) ?? ''),
      ...splitWords(data.flag(one, 'vardeps')),
    ];
    for (const other of called) if (isShellFunction(data, other)) found.add(other);
  }
  return [...found];
}

function isShellFunction(data: Datastore, name: string): boolean {
  return isSet(data.rawFlag(name, 'func')) && !isSet(data.rawFlag(name, 'python'));
}

function isSet(flag: string | undefined): boolean {
  return flag !== undefined && flag !== '';
}
