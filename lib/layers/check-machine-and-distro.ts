import { join } from 'node:path';
import type { Datastore } from '../language/datastore.ts';
import { closest } from '../terms/closest.ts';
import { VarveError } from '../terms/varve-error.ts';
import { originOf, placeOf } from './place-of.ts';

/** Stands for the file in the origin of a value that came from the caller's environment. */
export const callerEnvironment = 'environment';

/** MACHINE and DISTRO, where their files are, and what varve's own bitbake.conf knows without a file. */
const choices = [
  { variable: 'MACHINE', folder: 'conf/machine', builtIn: 'host' },
  { variable: 'DISTRO', folder: 'conf/distro', builtIn: 'nodistro' },
] as const;

/**
 * Refuses a MACHINE or DISTRO that metadata sets and no layer has: bitbake.conf includes their files, and `include`
 * passes over what is not there. One that comes from the caller's environment, which may mean something else by the
 * name, is a warning.
 */
export function checkMachineAndDistro(data: Datastore, path: readonly string[]): void {
  for (const { variable, folder, builtIn } of choices) {
    const chosen = data.get(variable)?.trim() ?? '';
    if (chosen === '' || chosen === builtIn) continue;
    const { source, warn } = data.environment;
    if (path.some((dir) => source.exists(join(dir, folder, `${chosen}.conf`)))) continue;
    const message = `${variable} is "${chosen}", and no layer has ${folder}/${chosen}.conf`;
    if (originOf(data, variable)?.file === callerEnvironment) {
      warn(message);
      continue;
    }
    const known = path.flatMap((dir) => namesIn(source.list(join(dir, folder))));
    throw new VarveError('metadata', message, {
      ...placeOf(data, variable),
      hints: hintsFor(chosen, [builtIn, ...known]),
    });
  }
}

function namesIn(files: readonly string[]): readonly string[] {
  return files.filter((file) => file.endsWith('.conf')).map((file) => file.slice(0, -'.conf'.length));
}

function hintsFor(chosen: string, known: readonly string[]): readonly string[] {
  const near = closest(chosen, known);
  return near === undefined ? [`there is ${known.join(', ')}`] : [`did you mean "${near}"?`];
}
