import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Script } from 'node:vm';
import { unsealCode } from './seal-code.ts';

export interface Program {
  /** Obeys the command line; the process ends by itself. */
  run(): Promise<void>;
  /** Loads a file of the program, unless it is. */
  load(name: string): unknown;
  /** What was loaded, by the file's name. */
  readonly loaded: ReadonlyMap<string, { readonly text: Buffer; readonly script: Script }>;
}

/** What a file of the program uses without having made it; `moduleUrl` stands for `import.meta.url`. */
const given = 'exports, require, module, moduleUrl';
type Run = (
  exports: unknown,
  require: (id: string) => unknown,
  module: { exports: unknown },
  moduleUrl: string,
) => void;

/**
 * Opens the program whose files are in a directory. Beside each may be, sealed, what V8 made of it when the program was
 * built: to compile its text anew takes longer than many a command. V8 leaves what another release of it made.
 */
export function openProgram(dir: string): Program {
  const builtin = createRequire(join(dir, 'program.cjs'));
  const modules = new Map<string, { exports: unknown }>();
  const loaded = new Map<string, { readonly text: Buffer; readonly script: Script }>();
  const load = (name: string): unknown => {
    const before = modules.get(name);
    if (before !== undefined) return before.exports;
    const module = { exports: {} };
    modules.set(name, module);
    const path = join(dir, name);
    const text = readFileSync(path);
    const cachedData = unsealCode(readIfThere(`${path}.code`), text);
    // The bundle is ASCII, which needs no decoder.
    const script = new Script(`(function (${given}) {${text.toString('latin1')}\n})`, {
      filename: path,
      ...(cachedData && { cachedData }),
    });
    loaded.set(name, { text, script });
    const run = script.runInThisContext() as Run;
    run(module.exports, require, module, pathToFileURL(path).href);
    return module.exports;
  };
  const require = (id: string): unknown => {
    if (id.startsWith('./')) return load(id.slice(2));
    return seldomUsed.has(id) ? loadedOnUse(() => builtin(id) as object) : builtin(id);
  };
  return { run: () => (load('program.cjs') as Pick<Program, 'run'>).run(), load, loaded };
}

/** Node takes milliseconds to load each; a question to the record starts no process. */
const seldomUsed: ReadonlySet<string> = new Set(['node:child_process', 'node:readline']);

function loadedOnUse(load: () => object): object {
  return new Proxy({}, { get: (_, name) => Reflect.get(load(), name) as unknown });
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
