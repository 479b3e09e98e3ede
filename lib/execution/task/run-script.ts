/** The script that a shell task is: everything spelled out, so that a person can read it and run it by hand. */
import { byCodeUnit } from '../../terms/ids.ts';
import { shellWord } from '../../terms/shell-word.ts';

export interface RunScript {
  /** `do_compile`, or a function that runs before or after it. */
  readonly task: string;
  /** Shown on top: `zlib 1.3-r0`. */
  readonly title: string;
  /** Bodies of all shell functions that the task calls, and its own, expanded. */
  readonly functions: ReadonlyMap<string, string>;
  readonly exports: ReadonlyMap<string, string>;
  /** Directory that the task starts in. */
  readonly cwd: string;
  readonly umask: number;
}

/** Writes the run script of one function of a task. */
export function shellRunScript(script: RunScript): string {
  const exports = [...script.exports]
    .filter(([name]) => isShellName(name))
    .sort(([a], [b]) => byCodeUnit(a, b));
  const helpers = [...script.functions]
    .filter(([name]) => name !== script.task)
    .sort(([a], [b]) => byCodeUnit(a, b));
  const own = script.functions.get(script.task) ?? '';
  return [
    '#!/bin/sh -e',
    `# ${script.task} of ${script.title}, written anew each time that it runs. Run by hand it does the same again.`,
    ...exports.map(([name, value]) => `export ${name}=${shellWord(value)}`),
    `umask ${script.umask.toString(8).padStart(3, '0')}`,
    '',
    exitHandler(script.task),
    '',
    ...[...helpers, [script.task, own] as const].map(([name, body]) => shellFunction(name, body)),
    `cd ${shellWord(script.cwd)}`,
    script.task,
    '',
  ].join('\n');
}

/** Which command failed is known to some shells only; those tell the function and the line in this script. */
function exitHandler(task: string): string {
  return [
    'varve_on_exit() {',
    '\tvarve_code=$?',
    `\t[ "$varve_code" = 0 ] || echo "ERROR: ${task} ended with exit code $varve_code\${varve_where:+, in $varve_where of $0}"`,
    '}',
    'trap varve_on_exit EXIT',
    'if [ -n "${BASH_VERSION:-}" ]; then',
    '\tset -E',
    `\ttrap 'varve_where="\${FUNCNAME:-the script}, line $LINENO"' ERR`,
    'fi',
  ].join('\n');
}

function shellFunction(name: string, body: string): string {
  const text = body.trim() === '' ? '\t:' : body.replace(/^\n+|\s+$/g, '');
  return `${name}() {\n${text}\n}\n`;
}

function isShellName(name: string): boolean {
  return /^[A-Za-z_]\w*$/.test(name);
}
