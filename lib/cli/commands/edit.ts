import { defineCommand, withSubcommands } from '../command.ts';

const drop = defineCommand({
  command: 'drop <recipe>',
  describe: 'Stop going on with the edits in a WORKDIR, and put it back',
  examples: [['varve edit drop zlib', 'The edits stay in the record: varve restore zlib:edited DIR']],
  builder: (yargs) =>
    yargs.positional('recipe', { type: 'string', demandOption: true, describe: 'A recipe' }),
  run: async (call, { recipe }) => {
    const { dropEdits } = await import('../../operations/drop-edits.ts');
    const { formatDropped } = await import('../../reporting/format-dropped.ts');
    const dropped = await dropEdits(call.world, { buildDir: call.buildDir(), recipe }, call.note);
    call.answer({ schema: 1, ...dropped }, () => formatDropped(dropped));
  },
});

/** `varve edit drop`: a person's edits in a WORKDIR. */
export const editCommand = withSubcommands(
  { name: 'edit', describe: "A person's edits in a WORKDIR: drop" },
  [drop],
);
