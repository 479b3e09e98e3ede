import type { Argv, Options } from 'yargs';
import type { Command } from './command.ts';

/** Options by name, without dashes; an alias is a name too. */
export type DeclaredOptions = ReadonlyMap<string, Options>;

/** Lists the options that a command declares, by asking its builder. */
export function declaredOptions(command: Pick<Command, 'builder'>): DeclaredOptions {
  const found: [string, Options][] = [];
  const recorder: Argv = new Proxy({} as Argv, {
    get: (_target, method) => (name: string, declared: Options) => {
      if (method === 'option') found.push([name, declared]);
      return recorder;
    },
  });
  command.builder(recorder);
  return byEveryName(found);
}

/** Orders options by their names and aliases. */
export function byEveryName(options: readonly (readonly [string, Options])[]): DeclaredOptions {
  return new Map(
    options.flatMap(([name, option]) => {
      const { alias = [] } = option;
      return [name, ...(typeof alias === 'string' ? [alias] : alias)].map((each) => [each, option] as const);
    }),
  );
}
