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

/** `varve history size`: the record as a whole. */
export const historyCommand = withSubcommands({ name: 'history', describe: 'The record as a whole: size' }, [
  size,
]);
