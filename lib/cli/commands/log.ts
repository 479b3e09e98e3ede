import { defineCommand } from '../command.ts';
import { wordsAfterDashes } from '../words-after-dashes.ts';

/** `varve log REV`: the chain of task commits, or one task over builds. */
export const logCommand = defineCommand({
  command: 'log <rev>',
  describe: 'List the task commits of a recipe, or one task over builds',
  examples: [
    ['varve log zlib', 'What each task of zlib did, oldest first'],
    ['varve log zlib:compile --across', 'do_compile over all builds, a line for each different result'],
    ['varve log zlib -- image/usr/lib', 'Only tasks that changed something there'],
  ],
  builder: (yargs) =>
    yargs
      .positional('rev', { type: 'string', demandOption: true, describe: 'RECIPE[@BUILD][:TASK]' })
      .option('across', {
        type: 'boolean',
        describe: 'This task over builds, a row for each different tree',
      }),
  run: async (call, args) => {
    const { logRevision } = await import('../../operations/log-revision.ts');
    const { formatLog } = await import('../../reporting/format-log.ts');
    const rows = logRevision(call.world, {
      buildDir: call.buildDir(),
      rev: args.rev,
      across: args.across === true,
      paths: wordsAfterDashes(args),
    });
    call.answerAtLength(rows, () => formatLog(rows, call.paint));
  },
});
