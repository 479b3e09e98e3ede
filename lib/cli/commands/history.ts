import { VarveError } from '../../terms/varve-error.ts';
import { defineCommand, withSubcommands } from '../command.ts';

const size = defineCommand({
  command: 'size',
  describe: 'Say where the bytes are: histories, artifacts, WORKDIRs, downloads; biggest first',
  examples: [['varve history size', 'What each recipe takes, and what the rest does']],
  builder: (yargs) => yargs,
  run: async (call) => {
    const { sizeRecord } = await import('../../operations/size-record.ts');
    const { formatRecordSize } = await import('../../reporting/format-record-size.ts');
    const sizes = sizeRecord(call.world, { buildDir: call.buildDir() });
    call.answer(sizes, () => formatRecordSize(sizes));
  },
});

const exportFile = defineCommand({
  command: 'export <rev> [further..]',
  describe:
    'Write a part of the record to one file: commits, notes, names, and what the builds were given, conf/*.conf too',
  examples: [
    ['varve history export @12 build-12.varve', 'A build with all recipes in it, for a colleague'],
    [
      'varve history export zlib:compile@failed z.varve',
      'What failed, with the log and all that it stood on',
    ],
  ],
  builder: (yargs) =>
    yargs
      .positional('rev', {
        type: 'string',
        demandOption: true,
        describe: 'REV or @BUILD; several may follow',
      })
      .positional('further', { type: 'string', array: true, describe: 'Last of all, the file to write' }),
  run: async (call, { rev, further = [] }) => {
    const { exportHistory } = await import('../../operations/export-history.ts');
    const { formatExportedHistory } = await import('../../reporting/format-shared-history.ts');
    const file = further.at(-1);
    if (file === undefined) {
      throw new VarveError('usage', 'history export needs a REV or @BUILD, and last the file to write', {
        hints: [`varve history export ${rev} FILE`],
      });
    }
    const exported = exportHistory(call.world, {
      buildDir: call.buildDir(),
      revs: [rev, ...further.slice(0, -1)],
      file: call.path(file),
    });
    call.answer(exported, () => formatExportedHistory(exported, file));
  },
});

const importFile = defineCommand({
  command: 'import <file>',
  describe: 'Take in what export wrote, as NAME: its builds are @NAME@12, its trees RECIPE@NAME@12:TASK',
  examples: [
    ['varve history import b.varve --as colleague', 'Verified whole; no build of your own ever uses it'],
  ],
  builder: (yargs) =>
    yargs
      .positional('file', { type: 'string', demandOption: true, describe: 'The file that export wrote' })
      .option('as', { type: 'string', requiresArg: true, describe: 'NAME [default: that of the file]' }),
  run: async (call, args) => {
    const { importHistory } = await import('../../operations/import-history.ts');
    const { formatImportedHistory } = await import('../../reporting/format-shared-history.ts');
    const imported = importHistory(call.world, {
      buildDir: call.buildDir(),
      file: call.path(args.file),
      ...(args.as !== undefined && { name: args.as }),
    });
    call.answer(imported, () => formatImportedHistory(imported, args.file));
  },
});

/** `varve history size|export|import`: the record as a whole. */
export const historyCommand = withSubcommands(
  { name: 'history', describe: 'The record as a whole: size, export, import' },
  [size, exportFile, importFile],
);
