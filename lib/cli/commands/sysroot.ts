import { defineCommand, withSubcommands } from '../command.ts';

const path = defineCommand({
  command: 'path <recipe>',
  describe: 'Print where the sysroot of a recipe is',
  examples: [['varve sysroot path app', 'The directory that app is compiled against']],
  builder: (yargs) =>
    yargs
      .positional('recipe', { type: 'string', demandOption: true, describe: 'A recipe' })
      .option('native', { type: 'boolean', describe: 'Its sysroot of native tools' }),
  run: async (call, { recipe, native }) => {
    const { sysrootPath } = await import('../../operations/sysroots.ts');
    const found = sysrootPath(
      call.world,
      { buildDir: call.buildDir(), recipe, native: native === true },
      call.note,
    );
    call.answer({ schema: 1, ...found }, () => `${found.path}\n`);
  },
});

const owner = defineCommand({
  command: 'owner <recipe> <path>',
  describe: 'Say which recipe a file in a sysroot comes from',
  examples: [['varve sysroot owner app usr/include/zlib.h', 'The recipe whose artifact holds it']],
  builder: (yargs) =>
    yargs
      .positional('recipe', {
        type: 'string',
        demandOption: true,
        describe: 'The recipe whose sysroot it is in',
      })
      .positional('path', {
        type: 'string',
        demandOption: true,
        describe: 'A path in the sysroot, or the whole path',
      }),
  run: async (call, args) => {
    const { sysrootOwner } = await import('../../operations/sysroots.ts');
    const found = sysrootOwner(
      call.world,
      { buildDir: call.buildDir(), recipe: args.recipe, path: args.path },
      call.note,
    );
    call.answer({ schema: 1, ...found }, () => `${found.owner}\n`);
  },
});

/** `varve sysroot path|owner`: the managed staging area. */
export const sysrootCommand = withSubcommands(
  { name: 'sysroot', describe: 'The managed staging area: path, owner' },
  [path, owner],
);
