import { defineCommand, withSubcommands } from '../command.ts';
import { wordsAfterDashes } from '../words-after-dashes.ts';

const path = defineCommand({
  command: 'path <recipe>',
  describe: 'Print where the sysroot of a recipe is',
  examples: [['varve sysroot path app', 'The directory that app is compiled against']],
  builder: (yargs) =>
    yargs
      .positional('recipe', { type: 'string', demandOption: true, describe: 'A recipe' })
      .option('native', { type: 'boolean', describe: 'Its sysroot of native tools' }),
  run: async (call, { recipe, native }) => {
    const { sysrootPath } = await import('../../operations/sysroots.ts');
    const found = sysrootPath(
      call.world,
      { buildDir: call.buildDir(), recipe, native: native === true },
      call.note,
    );
    call.answer({ schema: 1, ...found }, () => `${found.path}\n`);
  },
});

const owner = defineCommand({
  command: 'owner <recipe> <path>',
  describe: 'Say which recipe a file in a sysroot comes from',
  examples: [['varve sysroot owner app usr/include/zlib.h', 'The recipe whose artifact holds it']],
  builder: (yargs) =>
    yargs
      .positional('recipe', {
        type: 'string',
        demandOption: true,
        describe: 'The recipe whose sysroot it is in',
      })
      .positional('path', {
        type: 'string',
        demandOption: true,
        describe: 'A path in the sysroot, or the whole path',
      }),
  run: async (call, args) => {
    const { sysrootOwner } = await import('../../operations/sysroots.ts');
    const found = sysrootOwner(
      call.world,
      { buildDir: call.buildDir(), recipe: args.recipe, path: args.path },
      call.note,
    );
    call.answer({ schema: 1, ...found }, () => `${found.owner}\n`);
  },
});

const verify = defineCommand({
  command: 'verify <recipe>',
  describe: 'Compare the sysroots of a recipe with what was put there',
  examples: [['varve sysroot verify app', 'Changed, missing and extra files; exit 1 where there are any']],
  builder: (yargs) =>
    yargs.positional('recipe', { type: 'string', demandOption: true, describe: 'A recipe' }),
  run: async (call, { recipe }) => {
    const { verifySysroots } = await import('../../operations/sysroots.ts');
    const { formatSysroots } = await import('../../reporting/format-sysroots.ts');
    const verified = verifySysroots(call.world, { buildDir: call.buildDir(), recipe }, call.note);
    const ok = verified.misfits.length === 0;
    call.answer({ schema: 1, ok, ...verified }, () => formatSysroots(verified, call.paint));
    return ok ? 0 : 1;
  },
});

const create = defineCommand({
  command: 'create <dir> <targets..>',
  describe: 'Write a sysroot for work outside of builds: artifacts, and what these were built with',
  examples: [
    ['varve sysroot create sdk zlib openssl', 'What a recipe that needs both is compiled against'],
    ['varve sysroot create sdk app@12', 'As build 12 had it'],
  ],
  builder: (yargs) =>
    yargs
      .positional('dir', { type: 'string', demandOption: true, describe: 'An empty or new directory' })
      .positional('targets', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'RECIPE or RECIPE@BUILD',
      }),
  run: async (call, { dir, targets }) => {
    const { createSysroot } = await import('../../operations/create-sysroot.ts');
    const { formatCount } = await import('../../reporting/format-quantity.ts');
    const request = { buildDir: call.buildDir(), dir: call.path(dir), targets };
    const made = createSysroot(call.world, request, call.note);
    const names = made.artifacts.map(({ recipe, build }) => `${recipe}@${build}`).join(' ');
    call.answer({ schema: 1, ...made }, () => `${dir}: ${formatCount(made.files, 'file')} of ${names}\n`);
  },
});

const diff = defineCommand({
  command: 'diff <from> <to>',
  describe: 'Show what changed from the sysroots of one task to those of another',
  examples: [
    ['varve sysroot diff app@12 app@15', 'What app was compiled against, in two builds'],
    ['varve sysroot diff app@12 app@15 --exit-code -- usr/include', 'Whether headers differ: exit 1'],
    ['varve sysroot diff app@12 app@15 --name-status -- zlib', 'Of that, what is of zlib'],
  ],
  builder: (yargs) =>
    yargs
      .positional('from', { type: 'string', demandOption: true, describe: 'RECIPE[@BUILD][:TASK]' })
      .positional('to', { type: 'string', demandOption: true, describe: 'The later one' })
      .option('stat', { type: 'boolean', describe: 'How much of each file changed' })
      .option('name-status', { type: 'boolean', describe: 'Names of files and A, M, D, T or R' })
      .option('exit-code', { type: 'boolean', describe: 'Exit with 1 where there is a difference' })
      .conflicts('stat', 'name-status'),
  afterDashes: true,
  run: async (call, args) => {
    const { diffSysroots } = await import('../../operations/diff-sysroots.ts');
    const { formatDiff, diffDocument, describeAbsent } = await import('../../reporting/format-diff.ts');
    const found = diffSysroots(call.world, {
      buildDir: call.buildDir(),
      revs: [args.from, args.to],
      paths: wordsAfterDashes(args),
    });
    for (const absent of describeAbsent(found)) call.note(absent);
    const form = args.stat === true ? 'stat' : args.nameStatus === true ? 'name-status' : 'patch';
    call.answerAtLength(call.json ? diffDocument(found) : undefined, () =>
      formatDiff(found, { form, paint: call.paint }),
    );
    return args.exitCode === true && (found.recipes ?? []).length > 0 ? 1 : 0;
  },
});

/** `varve sysroot path|owner|verify|diff|create`: the managed staging area. */
export const sysrootCommand = withSubcommands(
  { name: 'sysroot', describe: 'The managed staging area: path, owner, verify, diff, create' },
  [path, owner, verify, diff, create],
);
