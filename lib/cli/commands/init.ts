import { defineCommand } from '../command.ts';

/** `varve init DIR --layer L`: writes a build directory. */
export const initCommand = defineCommand({
  command: 'init <dir>',
  describe: 'Write a build directory',
  examples: [
    ['varve init hello --layer ../meta-hello', 'A build directory that builds the recipes of one layer'],
    ['varve init . -l meta-a -l meta-b', 'Two layers, here'],
  ],
  builder: (yargs) =>
    yargs
      .positional('dir', { type: 'string', demandOption: true, describe: 'The directory; made if absent' })
      .option('layer', {
        alias: 'l',
        type: 'string',
        array: true,
        requiresArg: true,
        describe: 'A directory with conf/layer.conf; may be given again',
      }),
  lists: ['layer', 'l'],
  run: async (call, { dir, layer }) => {
    const { initBuildDir } = await import('../../operations/init-build-dir.ts');
    const { formatInit } = await import('../../reporting/format-init.ts');
    const made = initBuildDir(call.world, {
      dir: call.path(dir),
      layers: (layer ?? []).map((typed) => call.path(typed)),
    });
    call.answer({ schema: 1, ...made }, () => formatInit(made, { typed: dir }));
  },
});
