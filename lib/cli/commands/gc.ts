import { parseMoment } from '../../terms/parse-moment.ts';
import { parseSize } from '../../terms/parse-size.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { defineCommand } from '../command.ts';

/** `varve gc`: gives back space. */
export const gcCommand = defineCommand({
  command: 'gc',
  describe: 'Drop old builds, and remove what nothing needs any more',
  examples: [
    [
      'varve gc --dry-run',
      'What would go. 20 builds stay, or those of 30 days; all with a name; the newest success and failure of each recipe',
    ],
    ['varve gc --older-than 7d', 'Builds of a week stay; edits and what a person did with git always do'],
    ['varve gc --max-size 20G', 'Artifacts: the least recently used go first; what kept builds need stays'],
    [
      'varve gc',
      'Older artifacts that histories here have too go, unless other build directories use the store',
    ],
  ],
  builder: (yargs) =>
    yargs
      .option('dry-run', { type: 'boolean', describe: 'Say what would go, and remove nothing' })
      .option('idle', {
        type: 'boolean',
        describe:
          'As after a build: compress what it had no time for, collect after every tenth; end where another wants to begin',
      })
      .option('max-size', {
        type: 'string',
        requiresArg: true,
        describe:
          'Bytes of artifacts that may stay: 500M, 20G [default: ARTIFACT_MAX_SIZE; of histories: HISTORY_MAX_SIZE]',
      })
      .option('older-than', {
        type: 'string',
        requiresArg: true,
        describe:
          'Keep builds since then, and what was used since: 7d, 12h, 2026-01-31 [default: 20 builds, 30d]',
      }),
  run: async (call, args) => {
    if (args.idle === true && args.dryRun !== true) {
      const { compressWaiting } = await import('../../operations/compress-waiting.ts');
      if (!(await compressWaiting(call.world, call.buildDir(), call.note))) return;
    }
    const { collectGarbage } = await import('../../operations/collect-garbage.ts');
    const { formatGarbage } = await import('../../reporting/format-garbage.ts');
    const { maxSize, olderThan } = args;
    const collected = await collectGarbage(
      call.world,
      {
        buildDir: call.buildDir(),
        dryRun: args.dryRun === true,
        idle: args.idle === true,
        maxSize: read('--max-size', maxSize, parseSize),
        since: read('--older-than', olderThan, (text) => parseMoment(text, call.world.now())),
      },
      call.note,
    );
    call.answer(collected, () => formatGarbage(collected, call));
  },
});

function read(
  option: '--max-size' | '--older-than',
  text: string | undefined,
  parse: (text: string) => number | undefined,
): number | undefined {
  if (text === undefined) return undefined;
  const value = parse(text);
  if (value !== undefined) return value;
  const example = option === '--max-size' ? '500M or 20G' : '12h, 30d, 2w, 1y or 2026-01-31';
  throw new VarveError('usage', `${option} takes ${example}, not "${text}"`);
}
