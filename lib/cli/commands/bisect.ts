import type { bisectBuilds } from '../../operations/bisect/bisect-builds.ts';
import type { bisectCommits } from '../../operations/bisect/bisect-commits.ts';
import type { bisectInputs } from '../../operations/bisect/bisect-inputs.ts';
import type { bisectTasks } from '../../operations/bisect/bisect-tasks.ts';
import type { BisectEvent, Bisected } from '../../operations/bisect/bisected.ts';
import { VarveError } from '../../terms/varve-error.ts';
import type { Call } from '../call.ts';
import { defineCommand } from '../command.ts';
import { wordsAfterDashes } from '../words-after-dashes.ts';

/** `varve bisect RECIPE[:TASK] --good A --bad B -- COMMAND`: the first build, commit or task, or the inputs, that make it bad. */
export const bisectCommand = defineCommand({
  command: 'bisect <rev>',
  describe: 'Find the first build, commit or task, or the inputs, whose result makes a command fail',
  examples: [
    [
      "varve bisect app --good @3 --bad @20 -- sh -c './usr/bin/app | grep -q hello'",
      'The command runs in a copy of the artifact, as the builds left it; no task runs',
    ],
    [
      'varve bisect app --over commits --good v1.2 --bad HEAD -- ./usr/bin/app --selftest',
      'The first commit of a layer; what is nowhere yet is built below tmp/bisect',
    ],
    [
      'varve bisect app --over commits --repo app.git --good v1 --bad v2 -- …',
      'The first commit of a source in git: SRCREV is set to one after the other',
    ],
    [
      'varve bisect app --over commits --good @12 --bad @ann@3 -- ./check',
      'What lies between the commits of a layer that one’s own build and an imported one were made from',
    ],
    [
      'varve bisect app --over inputs --good @3 --bad @20 -- ./usr/bin/app --selftest',
      'The variables, functions, files, patches or dependencies that make the difference: mixtures of both are built below tmp/bisect',
    ],
    [
      'varve bisect zlib:compile --good @3 --bad @20 -- test -f build/zlib.o',
      'In a copy of the WORKDIR after a task',
    ],
    [
      'varve bisect zlib --over tasks -- sh -c "! grep -rq gets sources"',
      'The first task, or patch, after which it fails',
    ],
    [
      'varve bisect app --good @3 --bad @20 --again -- ./check',
      'Exit status 0 is good, 125 skips, 1 to 124 is bad, all else stops the search. What a command said of a tree is remembered: typed again, the search goes on where it was; --again asks anew',
    ],
  ],
  builder: (yargs) =>
    yargs
      .positional('rev', { type: 'string', demandOption: true, describe: 'RECIPE[:TASK]' })
      .option('good', {
        type: 'string',
        requiresArg: true,
        describe: 'Where the command succeeds: a build, a commit, or a task',
      })
      .option('bad', {
        type: 'string',
        requiresArg: true,
        describe: 'A later one where it fails',
      })
      .option('over', {
        type: 'string',
        default: 'builds',
        choices: ['builds', 'commits', 'inputs', 'tasks'],
        describe: 'What is searched',
      })
      .option('repo', {
        type: 'string',
        requiresArg: true,
        describe: 'Over commits: the layer, or a part of the SRC_URI entry, whose commits are meant',
      })
      .option('again', {
        type: 'boolean',
        default: false,
        describe: 'Run the command anew where it is known what it said of a tree, and build anew what failed',
      }),
  afterDashes: true,
  run: async (call, args) => {
    const command = wordsAfterDashes(args);
    if (command.length === 0) {
      throw new VarveError('usage', 'bisect needs a command after --', {
        hints: [`varve bisect ${args.rev} … -- COMMAND…   exit status 0: good, 125: skip, 1 to 124: bad`],
      });
    }
    if (args.repo !== undefined && args.over !== 'commits')
      throw new VarveError('usage', '--repo is for --over commits');
    const { bisectedDocument, formatBisected, narrateBisect } =
      await import('../../reporting/format-bisect.ts');
    const tell = (event: BisectEvent): void => call.note(narrateBisect(event, call));
    const result = await bisect(call, { ...args, command }, tell);
    if (result === undefined) {
      call.note('interrupted; the same command goes on from here');
      return 130;
    }
    call.answer(bisectedDocument(result), () => formatBisected(result, call));
    return 0;
  },
});

interface Words extends Ends {
  readonly over: string;
  readonly repo: string | undefined;
  readonly command: readonly string[];
  readonly again: boolean;
}

function bisect(
  call: Call,
  { over, repo, ...words }: Words,
  tell: (event: BisectEvent) => void,
): Promise<Bisected | undefined> {
  const request = { buildDir: call.buildDir(), ...words };
  switch (over) {
    case 'tasks':
      return overTasks(call.world, request, tell);
    case 'commits':
      return overCommits(call.world, { ...request, ...ends(words, over), repo }, tell);
    case 'inputs':
      return overInputs(call.world, { ...request, ...ends(words, over) }, tell);
    default:
      return overBuilds(call.world, { ...request, ...ends(words, over) }, tell);
  }
}

const overBuilds: typeof bisectBuilds = async (...asked) =>
  (await import('../../operations/bisect/bisect-builds.ts')).bisectBuilds(...asked);

const overCommits: typeof bisectCommits = async (...asked) =>
  (await import('../../operations/bisect/bisect-commits.ts')).bisectCommits(...asked);

const overInputs: typeof bisectInputs = async (...asked) =>
  (await import('../../operations/bisect/bisect-inputs.ts')).bisectInputs(...asked);

const overTasks: typeof bisectTasks = async (...asked) =>
  (await import('../../operations/bisect/bisect-tasks.ts')).bisectTasks(...asked);

interface Ends {
  readonly rev: string;
  readonly good: string | undefined;
  readonly bad: string | undefined;
}

/** Builds and commits have no natural ends. */
function ends({ good, bad, rev }: Ends, over: string): { readonly good: string; readonly bad: string } {
  if (good !== undefined && bad !== undefined) return { good, bad };
  const builds = `varve bisect ${rev} --good @3 --bad @20 -- COMMAND…   varve builds lists them`;
  const commits = `varve bisect ${rev} --over commits --good HEAD~20 --bad HEAD -- COMMAND…`;
  throw new VarveError('usage', `bisect over ${over} needs ${good === undefined ? '--good' : '--bad'}`, {
    hints: [
      over === 'commits' ? commits : builds,
      `varve bisect ${rev} --over tasks -- COMMAND…   needs no ends`,
    ],
  });
}
