import { formatCount } from '../../reporting/format-quantity.ts';
import { defineCommand } from '../command.ts';

/** `varve restore REV DIR`: writes a tree of the record as it was. */
export const restoreCommand = defineCommand({
  command: 'restore <rev> <dir>',
  describe: 'Write a tree as it was: bytes, modes and times',
  examples: [
    ['varve restore zlib out', 'The artifact of the newest build'],
    ['varve restore zlib@3:compile out', 'The WORKDIR after do_compile of build 3'],
  ],
  builder: (yargs) =>
    yargs
      .positional('rev', { type: 'string', demandOption: true, describe: 'RECIPE[@BUILD][:TASK]' })
      .positional('dir', { type: 'string', demandOption: true, describe: 'An empty or new directory' }),
  run: async (call, { rev, dir }) => {
    const { restoreRevision } = await import('../../operations/restore-revision.ts');
    const restored = restoreRevision(call.world, { buildDir: call.buildDir(), rev, dir: call.path(dir) });
    for (const warning of restored.warnings) call.note(`warning: ${warning}`);
    call.answer(
      { schema: 1, ...restored },
      () =>
        `${dir}: ${restored.rev}, ${formatCount(restored.entries, 'entry').replace('entrys', 'entries')}\n`,
    );
  },
});
