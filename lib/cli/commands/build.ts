import type { BuildRequest } from '../../terms/build-request.ts';
import { taskName } from '../../terms/ids.ts';
import { VarveError } from '../../terms/varve-error.ts';
import type { Call } from '../call.ts';
import { defineCommand } from '../command.ts';

/** `varve build TARGET…`: turns words into a request and shows the build while it goes. */
export const buildCommand = defineCommand({
  command: 'build <target..>',
  describe: 'Build recipes, and record every task',
  examples: [
    ['varve build app', 'Build app and all it needs'],
    ['varve build zlib -c compile', 'Only up to do_compile of zlib'],
    ['varve build -n app', 'Say what would run, and why; run nothing'],
    ['varve build -f -c compile zlib', 'Compile anew, with the edits made in its WORKDIR'],
  ],
  builder: (yargs) =>
    yargs
      .positional('target', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'A recipe, a provided name, or RECIPE:TASK',
      })
      .option('c', {
        alias: 'task',
        type: 'string',
        requiresArg: true,
        describe: 'Up to this task of the targets',
      })
      .option('runall', {
        type: 'string',
        requiresArg: true,
        describe: 'This task of the targets and of all they need',
      })
      .option('k', {
        alias: 'keep-going',
        type: 'boolean',
        describe: 'Go on with what needs no failed task and no recipe that is wrong',
      })
      .option('n', { alias: 'dry-run', type: 'boolean', describe: 'Verdicts only' })
      .option('f', { alias: 'force', type: 'boolean', describe: 'Run the named task anew' })
      .option('j', {
        alias: 'jobs',
        type: 'string',
        requiresArg: true,
        describe: 'Tasks at a time [default: the number of processors]',
      })
      .option('no-cache', {
        type: 'boolean',
        describe: 'Read no artifact and no stamp; report results that differ',
      })
      .option('offline', { type: 'boolean', describe: 'Fetch nothing from the network' })
      .option('no-wait', { type: 'boolean', describe: 'Fail where another build is going on here' })
      .option('name', {
        type: 'string',
        requiresArg: true,
        describe: 'A name for the build, @NAME; one that no other build has',
      })
      .epilogue(verdicts),
  run: async (call, args) => {
    const request = toRequest(call, args);
    const { reportBuild } = await import('../../reporting/report-build.ts');
    const { build } = await import('../../operations/build.ts');
    const report = reportBuild(call.world, call);
    try {
      const { ok, interrupted } = await build(call.world, request, report.event);
      return interrupted ? 130 : ok ? 0 : 1;
    } finally {
      report.close();
    }
  },
});

/** What people read of tasks in every build. */
const verdicts = `What becomes of a task:
  run      it has no result yet for what it depends on
  restore  its artifact comes from the store
  current  its result stands
  covered  it is not needed, because a later result stands
  depends  that hangs on a result which is not yet known (-n)`;

interface Words {
  readonly target: readonly string[];
  readonly c?: string | undefined;
  readonly runall?: string | undefined;
  readonly k?: boolean | undefined;
  readonly n?: boolean | undefined;
  readonly f?: boolean | undefined;
  readonly j?: string | undefined;
  readonly noCache?: boolean | undefined;
  readonly offline?: boolean | undefined;
  readonly noWait?: boolean | undefined;
  readonly name?: string | undefined;
}

function toRequest(call: Call, words: Words): BuildRequest {
  return {
    buildDir: call.buildDir(),
    targets: words.target,
    ...(words.c === undefined ? {} : { task: taskName(words.c) }),
    ...(words.runall === undefined ? {} : { runall: taskName(words.runall) }),
    keepGoing: words.k === true,
    dryRun: words.n === true,
    force: words.f === true,
    ...(words.j === undefined ? {} : { jobs: toJobs(words.j) }),
    cache: words.noCache !== true,
    offline: words.offline === true,
    wait: words.noWait !== true,
    ...(words.name === undefined ? {} : { name: words.name }),
    verbose: call.verbose,
  };
}

function toJobs(typed: string): number {
  const jobs = Number(typed);
  if (Number.isInteger(jobs) && jobs >= 1) return jobs;
  throw new VarveError('usage', `-j takes a number of tasks, not "${typed}"`, {
    hints: ['varve build -j 4 TARGET'],
  });
}
