import { defineCommand } from '../command.ts';

/** `varve show REV`: one task, artifact or build, with its inputs, files, time and log. */
export const showCommand = defineCommand({
  command: 'show <rev>',
  describe: 'Show one task, artifact or build: inputs, files, time, log',
  examples: [
    ['varve show zlib:compile', 'What do_compile read, wrote and printed'],
    ['varve show zlib:compile@failed', 'The same of its newest failure'],
    ['varve show @12', 'What build 12 was asked, and which recipes changed in it'],
  ],
  builder: (yargs) =>
    yargs.positional('rev', {
      type: 'string',
      demandOption: true,
      describe: 'RECIPE[@BUILD][:TASK] or @BUILD',
    }),
  run: async (call, { rev }) => {
    const { showRevision } = await import('../../operations/show-revision.ts');
    const { formatShown, shownDocument } = await import('../../reporting/format-shown.ts');
    const shown = showRevision(call.world, { buildDir: call.buildDir(), rev });
    if (shown.kind === 'task') for (const warning of shown.warnings ?? []) call.note(`warning: ${warning}`);
    call.answerAtLength(call.json ? shownDocument(shown) : undefined, () => formatShown(shown, call));
  },
});
