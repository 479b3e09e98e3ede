import { createPaint } from '../../reporting/paint.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { defineCommand } from '../command.ts';
import { wordsAfterDashes } from '../words-after-dashes.ts';

/** `varve shell REV`: a shell in the WORKDIR after a task, with the task's environment. */
export const shellCommand = defineCommand({
  command: 'shell <rev>',
  describe: "A shell in a WORKDIR, with the task's environment and sysroot",
  examples: [
    ['varve shell zlib:compile', 'Where do_compile ended; "make" works there as it does in the task'],
    ['varve shell zlib:compile@failed', 'Where it failed'],
    ['varve shell zlib:compile -- make -n', 'One command instead of a shell; ends with its exit code'],
    [
      'varve shell zlib:compile < script.sh',
      'Commands of a file or a pipe; ends with the exit code of the shell',
    ],
    ['varve build -c patch zlib && varve shell zlib:patch', 'Before it was ever compiled: its sources'],
  ],
  builder: (yargs) =>
    yargs.positional('rev', {
      type: 'string',
      demandOption: true,
      describe: 'RECIPE[@BUILD][:TASK], RECIPE:TASK@failed or RECIPE:edited',
    }),
  afterDashes: true,
  run: async (call, args) => {
    const { openShell } = await import('../../operations/open-shell.ts');
    const command = wordsAfterDashes(args);
    if (call.json && command.length === 0) {
      throw new VarveError('usage', 'shell --json needs a command', {
        hints: [`varve shell ${args.rev} --json -- COMMAND…`],
      });
    }
    const request = { buildDir: call.buildDir(), rev: args.rev, command, capture: call.json };
    const { edits, ...ended } = await openShell(call.world, request, call.note);
    if (call.json) {
      const { diffDocument } = await import('../../reporting/format-diff.ts');
      const left = edits?.difference === undefined ? {} : { edits: diffDocument(edits.difference) };
      call.answer({ schema: 1, ...ended, ...left }, () => '');
    }
    if (edits !== undefined) {
      const { formatLeftEdits } = await import('../../reporting/format-left-edits.ts');
      const paint = call.world.stderr.isTTY ? call.paint : createPaint(false);
      call.note(formatLeftEdits(edits, paint).trimEnd());
    }
    return { command: ended.status };
  },
});
