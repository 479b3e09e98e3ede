import { defineCommand } from '../command.ts';

/** `varve fsck`: checks the record. */
export const fsckCommand = defineCommand({
  command: 'fsck',
  describe: 'Check every object, name, note, build and artifact of the record against each other',
  examples: [
    ['varve fsck', 'Exit 1 where something is damaged, with its place and what to do; changes nothing'],
  ],
  builder: (yargs) => yargs,
  run: async (call) => {
    const { checkRecord } = await import('../../operations/check-record.ts');
    const { formatChecked } = await import('../../reporting/format-checked.ts');
    const checked = checkRecord(call.world, { buildDir: call.buildDir() });
    call.answer(checked, () => formatChecked(checked, call));
    return checked.damaged.length > 0 ? 1 : 0;
  },
});
