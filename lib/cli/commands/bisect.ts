import { VarveError } from '../../terms/varve-error.ts';
import { defineCommand } from '../command.ts';
import { wordsAfterDashes } from '../words-after-dashes.ts';

/** `varve bisect RECIPE[:TASK] --good A --bad B -- COMMAND`: the first build whose result is bad. */
export const bisectCommand = defineCommand({
  command: 'bisect <rev>',
  describe: 'Find the first build whose result makes a command fail',
  examples: [
    [
      "varve bisect app --good @3 --bad @20 -- sh -c './usr/bin/app | grep -q hello'",
      'The command runs in a copy of the artifact',
    ],
    [
      'varve bisect zlib:compile --good @3 --bad @20 -- test -f build/zlib.o',
      'In a copy of the WORKDIR after a task',
    ],
  ],
  builder: (yargs) =>
    yargs
      .positional('rev', { type: 'string', demandOption: true, describe: 'RECIPE[:TASK]' })
      .option('good', {
        type: 'string',
        demandOption: true,
        requiresArg: true,
        describe: 'A build where the command succeeds',
      })
      .option('bad', {
        type: 'string',
        demandOption: true,
        requiresArg: true,
        describe: 'A later build where it fails',
      })
      .option('over', {
        type: 'string',
        default: 'builds',
        choices: ['builds'],
        describe: 'What is searched',
      }),
  run: async (call, args) => {
    const command = wordsAfterDashes(args);
    if (command.length === 0) {
      throw new VarveError('usage', 'bisect needs a command after --', {
        hints: [
          `varve bisect ${args.rev} --good ${args.good} --bad ${args.bad} -- COMMAND…   exit status 0: good, 125: skip, 1 to 124: bad`,
        ],
      });
    }
    const { bisectBuilds } = await import('../../operations/bisect-builds.ts');
    const { formatBisected, narrateBisect } = await import('../../reporting/format-bisect.ts');
    const request = { buildDir: call.buildDir(), rev: args.rev, good: args.good, bad: args.bad, command };
    const result = await bisectBuilds(call.world, request, (event) => {
      const text = narrateBisect(event, call);
      if (text !== undefined) call.note(text);
    });
    if (result === undefined) return 130;
    call.answer({ schema: 1, ...result }, () => formatBisected(result, call));
    return 0;
  },
});
