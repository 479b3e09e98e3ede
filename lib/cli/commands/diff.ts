import { defineCommand } from '../command.ts';
import { wordsAfterDashes } from '../words-after-dashes.ts';

/** `varve diff REV [REV]`: what changed between two artifacts, tasks or builds. */
export const diffCommand = defineCommand({
  command: 'diff <from> [to]',
  describe: 'Show what changed between two artifacts, tasks or builds',
  examples: [
    ['varve diff zlib', 'The artifact against the previous one that differs'],
    ['varve diff zlib:install', 'What do_install did'],
    ['varve diff zlib:patch zlib:compile --stat', 'From one task to another'],
    ['varve diff @12 @15 --name-status', 'From one build to another: which recipes, which files'],
    ['varve diff zlib@12:patch zlib@ann@3:patch', 'One’s own build and an imported one'],
    [
      'varve diff zlib:configure zlib:compile --tool meld',
      'Both sides in temporary directories: meld LEFT RIGHT',
    ],
    ['varve diff @12 @15 -- zlib', 'Of that, one recipe; zlib/usr/lib, usr/lib: what is there'],
    ['varve diff zlib@12 zlib@15 --exit-code -- usr/lib', 'Whether what is below usr/lib differs: exit 1'],
  ],
  builder: (yargs) =>
    yargs
      .positional('from', { type: 'string', demandOption: true, describe: 'RECIPE[@BUILD][:TASK] or @BUILD' })
      .positional('to', {
        type: 'string',
        describe: 'The later one; left out: compare with what came before',
      })
      .option('stat', { type: 'boolean', describe: 'How much of each file changed' })
      .option('name-status', { type: 'boolean', describe: 'Names of files and A, M, D, T or R' })
      .option('exit-code', { type: 'boolean', describe: 'Exit with 1 where there is a difference' })
      .option('all', {
        type: 'boolean',
        describe:
          'At a terminal too show how files differ where it is only in times, build ids and build paths',
      })
      .option('tool', {
        type: 'string',
        describe: 'Run TOOL LEFT RIGHT on what differs, whatever it answers: diffoscope, meld',
      })
      .conflicts('stat', ['name-status', 'tool'])
      .conflicts('tool', ['name-status', 'json']),
  afterDashes: true,
  run: async (call, args) => {
    const { diffRevisions } = await import('../../operations/diff-revisions.ts');
    const { keepTyped } = await import('../../operations/keep-typed.ts');
    const { formatDiff, diffDocument, describeAbsent } = await import('../../reporting/format-diff.ts');
    const revs: readonly [string, string?] = args.to === undefined ? [args.from] : [args.from, args.to];
    const given = revs.filter((rev) => rev !== undefined);
    await keepTyped(call.world, { buildDir: call.buildDir(), revs: given }, call.note);
    const diff = diffRevisions(call.world, {
      buildDir: call.buildDir(),
      revs,
      paths: wordsAfterDashes(args),
    });
    for (const absent of describeAbsent(diff)) call.note(absent);
    const differs = diff.files.length > 0 || (diff.recipes ?? []).some(({ artifact }) => artifact);
    const answer = args.exitCode === true && differs ? 1 : 0;
    if (args.tool !== undefined) {
      const { showInTool } = await import('../../operations/comparing/show-in-tool.ts');
      if (diff.files.length > 0) showInTool(call.world, diff, args.tool);
      else call.note('no file differs');
      return answer;
    }
    const form = args.stat === true ? 'stat' : args.nameStatus === true ? 'name-status' : 'patch';
    call.answerAtLength(call.json ? diffDocument(diff) : undefined, () =>
      formatDiff(diff, { form, paint: call.paint, fold: call.world.stdout.isTTY && args.all !== true }),
    );
    return answer;
  },
});
