import type { ReadFile } from '../../operations/parsing/describe-parsed.ts';
import { VarveError } from '../../terms/varve-error.ts';
import type { Call } from '../call.ts';
import { defineCommand } from '../command.ts';

/** `varve parse FILE`: reads one file and tells what it says. */
export const parseCommand = defineCommand({
  command: 'parse <file>',
  describe: 'Read one metadata file and show what it says',
  examples: [
    ['varve parse recipes/zlib_1.3.bb', 'Its variables, classes and tasks, in this build directory'],
    ['varve parse zlib_1.3.bb --bare --json', 'By the rules of the language alone, in JSON'],
  ],
  builder: (yargs) =>
    yargs
      .positional('file', {
        type: 'string',
        demandOption: true,
        describe: 'A recipe or a configuration file',
      })
      .option('bare', { type: 'boolean', describe: 'Without layers, build directory and own metadata' })
      .option('top', {
        type: 'string',
        requiresArg: true,
        describe: 'With --bare: TOPDIR and BBPATH [default: this directory]',
      })
      .option('append', {
        type: 'string',
        array: true,
        requiresArg: true,
        describe: 'A .bbappend that applies to it; may be repeated',
      })
      .option('variant', { type: 'string', requiresArg: true, describe: 'What BBCLASSEXTEND makes of it' })
      .option('want', { type: 'string', requiresArg: true, describe: 'Further names to show: A,B' })
      .option('raw', { type: 'string', requiresArg: true, describe: 'Names to show unexpanded too: A,B' })
      .option('sig', { type: 'boolean', describe: 'The names in the signature of each task' })
      .option('sig-values', {
        type: 'string',
        requiresArg: true,
        describe: 'Names whose text in a signature is shown: A,B',
      }),
  lists: ['append'],
  run: async (call, args) => {
    const { describeParsed } = await import('../../operations/parsing/describe-parsed.ts');
    const { bareDocument, formatParsed } = await import('../../reporting/format-parsed.ts');
    const top = call.path(args.top ?? '.');
    const parsed = describeParsed(await readFile(call, args, top), {
      want: names(args.want),
      raw: names(args.raw),
      sig: args.sig === true,
      sigValues: names(args.sigValues),
    });
    const document = args.bare === true ? bareDocument(parsed, top) : { schema: 1, ...parsed };
    call.answer(document, () => formatParsed(parsed, call));
  },
});

interface Words {
  readonly file: string;
  readonly bare: boolean | undefined;
  readonly top: string | undefined;
  readonly append: readonly string[] | undefined;
  readonly variant: string | undefined;
}

async function readFile(call: Call, words: Words, top: string): Promise<ReadFile> {
  const at = (typed: string): string => pathOf(call, typed, words.bare === true ? top : undefined);
  const request = {
    file: at(words.file),
    appends: (words.append ?? []).map(at),
    ...(words.variant === undefined ? {} : { variant: words.variant }),
  };
  if (words.bare === true) {
    const { parseBare } = await import('../../operations/parse-bare.ts');
    return parseBare(call.world, { ...request, top }, call.note);
  }
  if (words.top !== undefined) throw new VarveError('usage', '--top goes with --bare');
  const { parseWithin } = await import('../../operations/parse-within.ts');
  return parseWithin(call.world, { ...request, buildDir: call.buildDir() }, call.note);
}

/** A file that is not here is looked for in the directory that stands for the whole. */
function pathOf(call: Call, typed: string, top: string | undefined): string {
  const here = call.path(typed);
  return top === undefined || call.world.fs.existsSync(here) ? here : call.path(`${top}/${typed}`);
}

function names(list: string | undefined): readonly string[] {
  return (list ?? '').split(',').filter((name) => name !== '');
}
