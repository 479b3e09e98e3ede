import { defineCommand } from '../command.ts';

/** `varve blame REV PATH`: which task of which build wrote each line. */
export const blameCommand = defineCommand({
  command: 'blame <rev> <path>',
  describe: 'Show which task and patch wrote each line of a file, and the build in which they last did',
  examples: [
    ['varve blame zlib:compile sources/zlib-1.3/configure', 'What patches and tasks made of a source'],
    ['varve blame app-image etc/app.conf', 'A file of an image: the recipe too'],
  ],
  builder: (yargs) =>
    yargs
      .positional('rev', { type: 'string', demandOption: true, describe: 'RECIPE[@BUILD][:TASK]' })
      .positional('path', { type: 'string', demandOption: true, describe: 'A path in it' }),
  run: async (call, { rev, path }) => {
    const { blameFile } = await import('../../operations/blame-file.ts');
    const { keepTyped } = await import('../../operations/keep-typed.ts');
    const { blameDocument, formatBlame } = await import('../../reporting/format-blame.ts');
    await keepTyped(call.world, { buildDir: call.buildDir(), revs: [rev] }, call.note);
    const blame = blameFile(call.world, { buildDir: call.buildDir(), rev, path }, call.note);
    call.answerAtLength(blameDocument(blame), () => formatBlame(blame, call.paint));
  },
});
