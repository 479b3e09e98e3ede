import { defineCommand } from '../command.ts';

/** `varve cat REV PATH`: the bytes of one file of the record. */
export const catCommand = defineCommand({
  command: 'cat <rev> <path>',
  describe: 'Print a file as it was',
  examples: [
    ['varve cat zlib usr/lib/pkgconfig/zlib.pc', 'A file of the artifact'],
    ['varve cat zlib@3:configure build/config.log', 'A file of the WORKDIR after a task of build 3'],
  ],
  builder: (yargs) =>
    yargs
      .positional('rev', { type: 'string', demandOption: true, describe: 'RECIPE[@BUILD][:TASK]' })
      .positional('path', { type: 'string', demandOption: true, describe: 'A path in it' }),
  run: async (call, { rev, path }) => {
    const { catFile } = await import('../../operations/cat-file.ts');
    const { keepTyped } = await import('../../operations/keep-typed.ts');
    const { fileDocument } = await import('../../reporting/file-document.ts');
    await keepTyped(call.world, { buildDir: call.buildDir(), revs: [rev] }, call.note);
    const file = catFile(call.world, { buildDir: call.buildDir(), rev, path });
    if (call.json) return call.answer(fileDocument(file), () => '');
    const { stdout } = call.world;
    for (const piece of file.content.pieces()) {
      // The piece is overwritten by the next one, and may still wait for its reader.
      stdout.write(Buffer.from(piece));
      if (!(await stdout.drained())) break;
    }
  },
});
