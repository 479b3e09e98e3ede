import { VarveError } from '../../terms/varve-error.ts';
import { defineCommand } from '../command.ts';
import { wordsAfterDashes } from '../words-after-dashes.ts';

/** `varve log REV`: the chain of task commits, or one task over builds. */
export const logCommand = defineCommand({
  command: 'log <rev>',
  describe: 'List the task commits of a recipe, or one task over builds',
  examples: [
    [
      'varve log zlib',
      'What each task of zlib did, oldest first: + files added, ~ changed, - removed; since when, how long',
    ],
    [
      'varve log zlib:compile --across',
      'do_compile over all builds, a line for each different result, or failure: since when, and in which builds it stood',
    ],
    [
      'varve log zlib -- usr/lib/libz.a',
      'The way of this file: from its source into sysroots, packages and images',
    ],
    ['varve log zlib -S inflateInit2', 'Only tasks by which this text came or went'],
  ],
  builder: (yargs) =>
    yargs
      .positional('rev', { type: 'string', demandOption: true, describe: 'RECIPE[@BUILD][:TASK]' })
      .option('across', {
        type: 'boolean',
        describe:
          'This task over builds (up to @BUILD), a row for each different tree, and for each way in which it failed',
      })
      .option('S', {
        type: 'string',
        requiresArg: true,
        describe: 'Only rows by which this text came or went, and the files',
      }),
  afterDashes: true,
  run: async (call, args) => {
    const { logRevision } = await import('../../operations/log-revision.ts');
    const { formatLog, logDocument } = await import('../../reporting/format-log.ts');
    if (args.S === '') throw new VarveError('usage', '-S needs a text, which every file has if it is empty');
    const paths = wordsAfterDashes(args);
    const request = {
      buildDir: call.buildDir(),
      rev: args.rev,
      across: args.across === true,
      paths,
      text: args.S,
    };
    const rows = logRevision(call.world, request, call.note);
    const places = paths.length === 0 ? undefined : paths.join(', ');
    const sought =
      args.S === undefined ? places : `"${args.S}"${places === undefined ? '' : ` in ${places}`}`;
    if (rows.length === 0 && sought !== undefined) elsewhere(request).forEach((note) => call.note(note));
    call.answerAtLength(rows.map(logDocument), () => formatLog(rows, { paint: call.paint, sought }));
  },
});

/** What else may be asked where nothing was found. */
function elsewhere({ rev, across, paths }: Asked): readonly string[] {
  const recipe = rev.replace(/[@:].*$/, '');
  const isTask = rev.includes(':');
  return [
    ...(isTask && paths.length > 0
      ? ['note: paths of a task are those of its WORKDIR, where image/ has what it installs']
      : []),
    across
      ? `note: ${isTask ? 'this is one task' : 'these are artifacts'}; varve log ${recipe}:TASK --across … looks through the results of another task`
      : `note: this is what one build stands on; varve log ${recipe}:TASK --across … looks through the results of a task in all builds`,
  ];
}

interface Asked {
  readonly rev: string;
  readonly across: boolean;
  readonly paths: readonly string[];
}
