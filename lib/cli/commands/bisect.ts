import type { bisectBuilds } from '../../operations/bisect/bisect-builds.ts';
import type { bisectTasks } from '../../operations/bisect/bisect-tasks.ts';
import type { BisectEvent } from '../../operations/bisect/bisected.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { defineCommand } from '../command.ts';
import { wordsAfterDashes } from '../words-after-dashes.ts';

/** `varve bisect RECIPE[:TASK] --good A --bad B -- COMMAND`: the first build whose result is bad. */
export const bisectCommand = defineCommand({
  command: 'bisect <rev>',
  describe: 'Find the first build, or task of one, whose result makes a command fail',
  examples: [
    [
      "varve bisect app --good @3 --bad @20 -- sh -c './usr/bin/app | grep -q hello'",
      'The command runs in a copy of the artifact',
    ],
    [
      'varve bisect zlib:compile --good @3 --bad @20 -- test -f build/zlib.o',
      'In a copy of the WORKDIR after a task',
    ],
    [
      'varve bisect zlib --over tasks -- sh -c "! grep -rq gets sources"',
      'The first task, or patch, after which it fails',
    ],
  ],
  builder: (yargs) =>
    yargs
      .positional('rev', { type: 'string', demandOption: true, describe: 'RECIPE[:TASK]' })
      .option('good', {
        type: 'string',
        requiresArg: true,
        describe: 'A build, or a task, where the command succeeds',
      })
      .option('bad', {
        type: 'string',
        requiresArg: true,
        describe: 'A later one where it fails',
      })
      .option('over', {
        type: 'string',
        default: 'builds',
        choices: ['builds', 'tasks'],
        describe: 'What is searched',
      })
      .option('again', {
        type: 'boolean',
        default: false,
        describe: 'Run the command anew where it is known what it said of a tree',
      }),
  run: async (call, args) => {
    const command = wordsAfterDashes(args);
    if (command.length === 0) {
      throw new VarveError('usage', 'bisect needs a command after --', {
        hints: [`varve bisect ${args.rev} … -- COMMAND…   exit status 0: good, 125: skip, 1 to 124: bad`],
      });
    }
    const { formatBisected, narrateBisect } = await import('../../reporting/format-bisect.ts');
    const request = { buildDir: call.buildDir(), rev: args.rev, command, again: args.again };
    const tell = (event: BisectEvent): void => call.note(narrateBisect(event, call));
    const result =
      args.over === 'tasks'
        ? await overTasks(call.world, { ...request, good: args.good, bad: args.bad }, tell)
        : await overBuilds(call.world, { ...request, ...ends(args) }, tell);
    if (result === undefined) return 130;
    call.answer({ schema: 1, ...result }, () => formatBisected(result, call));
    return 0;
  },
});

const overBuilds: typeof bisectBuilds = async (...asked) =>
  (await import('../../operations/bisect/bisect-builds.ts')).bisectBuilds(...asked);

const overTasks: typeof bisectTasks = async (...asked) =>
  (await import('../../operations/bisect/bisect-tasks.ts')).bisectTasks(...asked);

/** Builds have no natural ends. */
function ends({
  good,
  bad,
  rev,
}: {
  readonly rev: string;
  readonly good: string | undefined;
  readonly bad: string | undefined;
}): { readonly good: string; readonly bad: string } {
  if (good !== undefined && bad !== undefined) return { good, bad };
  throw new VarveError('usage', `bisect over builds needs ${good === undefined ? '--good' : '--bad'}`, {
    hints: [
      `varve bisect ${rev} --good @3 --bad @20 -- COMMAND…   varve builds lists them`,
      `varve bisect ${rev} --over tasks -- COMMAND…   needs no ends`,
    ],
  });
}
