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

const finish = defineCommand({
  command: 'finish <recipe>',
  describe: 'Write the edits in a WORKDIR into a layer, as patches in SRC_URI',
  examples: [
    [
      'varve edit finish zlib -m "zlib: say hello"',
      'Beside the recipe; own commits in the WORKDIR are a patch each',
    ],
    ['varve edit finish zlib --layer meta-mine', 'With an append in that layer; the recipe stays as it is'],
    [
      'varve edit finish zlib --also sources/zlib-1.3/new.c',
      'New files, or such as tasks made, only if named',
    ],
    ['varve shell zlib:do_patch@failed', 'Where a patch did not apply: edit finish then rewrites it'],
  ],
  builder: (yargs) =>
    yargs
      .positional('recipe', { type: 'string', demandOption: true, describe: 'A recipe' })
      .option('message', {
        alias: 'm',
        type: 'string',
        requiresArg: true,
        describe: 'Subject of the patch of what is not committed [default: names of files]',
      })
      .option('author', {
        type: 'string',
        requiresArg: true,
        describe: "Who wrote it: 'Name <mail>' [default: as git knows]",
      })
      .option('layer', {
        type: 'string',
        requiresArg: true,
        describe: "A layer's name or directory [default: the recipe's own]",
      })
      .option('also', {
        type: 'string',
        array: true,
        requiresArg: true,
        describe: 'A new file, one that a task made, or a directory, below WORKDIR; may be repeated',
      }),
  lists: ['also'],
  run: async (call, { recipe, message, author, layer, also = [] }) => {
    const { finishEdits } = await import('../../operations/finish-edits.ts');
    const { finishedDocument, formatFinished } = await import('../../reporting/format-finished.ts');
    const request = { buildDir: call.buildDir(), recipe, layer, also, message, author };
    const finished = await finishEdits(call.world, request, call.note);
    call.answer(finishedDocument(finished), () => formatFinished(finished, call.world.cwd));
  },
});

/** `varve edit`: a person's edits in a WORKDIR. */
export const editCommand = withSubcommands(
  { name: 'edit', describe: "A person's edits in a WORKDIR: finish, drop" },
  [finish, drop],
);
