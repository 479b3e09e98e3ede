import { defineCommand } from '../command.ts';

/** `varve verify RECIPE[:TASK]`: do tasks make the same again? */
export const verifyCommand = defineCommand({
  command: 'verify <rev>',
  describe: 'Run tasks again from the recorded state, and compare what they make',
  examples: [
    ['varve verify zlib', 'All tasks up to do_install, until one makes something else'],
    ['varve verify zlib:compile', 'This one; exit 1 where it does not make the same'],
  ],
  builder: (yargs) =>
    yargs.positional('rev', { type: 'string', demandOption: true, describe: 'RECIPE or RECIPE:TASK' }),
  run: async (call, { rev }) => {
    const { verifyRecipe } = await import('../../operations/verify-recipe.ts');
    const { formatVerified, narrateVerified, verifiedDocument } =
      await import('../../reporting/format-verified.ts');
    const verified = await verifyRecipe(
      call.world,
      { buildDir: call.buildDir(), rev },
      { say: call.note, verified: (task) => call.note(narrateVerified(task, call.paint)) },
    );
    if (verified === undefined) return 130;
    call.answer(call.json ? verifiedDocument(verified) : undefined, () =>
      formatVerified(verified, call.paint),
    );
    return verified.tasks.every(({ kind }) => kind === 'same') ? 0 : 1;
  },
});
