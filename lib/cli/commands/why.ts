import { defineCommand } from '../command.ts';

/** `varve why [REV [REV]]`: why a task ran or would run. */
export const whyCommand = defineCommand({
  command: 'why [from] [to]',
  describe: 'Say why a task ran or would run',
  examples: [
    ['varve why', 'What made the newest build run anything'],
    ['varve why zlib', 'What made do_install run, or, where that was longer ago, what is made of it'],
    ['varve why zlib:compile', 'Why this task ran, or would run now'],
    ['varve why @12 @15', 'What changed between two builds'],
    [
      'varve why zlib@12:compile zlib@ann@3:compile',
      'What differs between one’s own build and an imported one',
    ],
  ],
  builder: (yargs) =>
    yargs
      .positional('from', { type: 'string', describe: 'RECIPE[@BUILD][:TASK] or @BUILD' })
      .positional('to', { type: 'string', describe: 'The later one' }),
  run: async (call, { from, to }) => {
    const { explain } = await import('../../operations/explain.ts');
    const { explanationDocument, formatExplanation } = await import('../../reporting/format-explanation.ts');
    const revs = [from, to].filter((rev) => rev !== undefined);
    const explanation = await explain(call.world, { buildDir: call.buildDir(), revs }, call.note);
    call.answer(explanationDocument(explanation), () => formatExplanation(explanation, call));
  },
});
