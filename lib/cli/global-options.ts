/** Options that every command takes. */
import type { GlobalOptions } from './call.ts';
import { byEveryName } from './declared-options.ts';

/** As yargs is told of them. */
export const globals = {
  'build-dir': {
    alias: 'B',
    type: 'string',
    requiresArg: true,
    describe: 'The build directory [default: the nearest one above]',
  },
  json: { type: 'boolean', describe: 'One JSON document on stdout; build: an event a line' },
  'no-color': { type: 'boolean', describe: 'No colours' },
  quiet: { alias: 'q', type: 'boolean', describe: 'Say less' },
  verbose: { alias: 'v', type: 'boolean', describe: 'Say more' },
} as const;

/** Those, and what yargs adds. */
export const everyCommand = byEveryName([
  ...Object.entries(globals),
  ['help', { alias: 'h', type: 'boolean' }],
  ['version', { type: 'boolean' }],
]);

/** What was typed of them. */
export function globalOptions(args: Readonly<Record<string, unknown>>): GlobalOptions {
  return {
    buildDir: typeof args['buildDir'] === 'string' ? args['buildDir'] : undefined,
    json: args['json'] === true,
    noColor: args['noColor'] === true,
    quiet: args['quiet'] === true,
    verbose: args['verbose'] === true,
  };
}
