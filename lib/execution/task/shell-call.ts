import { shellFunctions } from '../../language/shell-functions.ts';
import type { Call } from './python-call.ts';
import { scriptPath, type FunctionCalls } from './run-functions.ts';
import { shellRunScript } from './run-script.ts';
import { taskEnvironment } from './task-environment.ts';
import type { TaskFunction } from './task-functions.ts';

/** Makes the run script of a shell function, and says how it is started. */
export function shellCall(calls: FunctionCalls, called: TaskFunction, cwd: string): Call {
  const { recipe } = calls;
  const script = scriptPath(recipe, called.name, calls.world.pid);
  const env = environmentOf(calls);
  const functions = shellFunctions(calls.data, called.name);
  const text = shellRunScript({
    task: called.name,
    title: `${recipe.name} ${recipe.version}-${recipe.revision}`,
    functions: new Map(functions.map((name) => [name, calls.data.get(name) ?? ''])),
    exports: env,
    cwd,
    umask: calls.umask,
  });
  return { script, text, command: ['/bin/sh', '-e', script], env: Object.fromEntries(env) };
}

/** The environment of every function of a task. */
export function environmentOf(calls: FunctionCalls): ReadonlyMap<string, string> {
  const { workdir, t, sysrootNative } = calls.recipe.dirs;
  return taskEnvironment({ data: calls.data, workdir, t, sysrootNative, hostTools: calls.hostTools });
}
