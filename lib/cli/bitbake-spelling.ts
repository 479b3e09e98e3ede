/** BitBake's spellings: understood well enough to answer with the varve command to type. */
import { VarveError } from '../terms/varve-error.ts';
import { answerForTool, type Answer } from './openembedded-tools.ts';

/** What was typed, in BitBake's terms. */
interface Typed {
  /** Option (short where there is a short one) to its value, '' where it takes none. */
  readonly options: ReadonlyMap<string, string>;
  readonly targets: readonly string[];
  /** The command was left out, as it is with bitbake, or is bitbake. */
  readonly bare: boolean;
  readonly bitbake: boolean;
}

const long: Readonly<Record<string, string>> = {
  '--cmd': '-c',
  '--clear-stamp': '-C',
  '--environment': '-e',
  '--graphviz': '-g',
  '--parse-only': '-p',
  '--show-versions': '-s',
  '--dump-signatures': '-S',
  '--buildfile': '-b',
  '--skip-setscene': '--no-setscene',
  '--force': '-f',
  '--dry-run': '-n',
  '--debug': '-D',
  '--ui': '-u',
};
const withValue = new Set([
  '-c',
  '-C',
  '-S',
  '-b',
  '-u',
  '-j',
  '-B',
  '-r',
  '-R',
  '-l',
  '--name',
  '--runall',
  '--runonly',
  '--build-dir',
  '--read',
  '--postread',
]);
const bitbakeOnly = [
  '-C',
  '-e',
  '-g',
  '-S',
  '-p',
  '-s',
  '-b',
  '--no-setscene',
  '--setscene-only',
  '--runonly',
  '--continue',
  '-D',
  '-u',
];

/** Tasks that are typed as if they were commands. */
const taskWords = ['cleanall', 'cleansstate', 'listtasks', 'devshell', 'fetchall'];

/** Targets of bitbake's that stand for all recipes. */
const allRecipes = ['world', 'universe'];

/** Finds a spelling of BitBake's and answers with an error whose hints are what to type; else undefined. */
export function bitbakeSpelling(
  words: readonly string[],
  commands: readonly string[],
): VarveError | undefined {
  const typed = read(words, commands);
  if (typed === undefined) return undefined;
  const tool = typed.bare ? answerForTool(typed.targets, typed.options.get('-r')) : undefined;
  const answer = tool ?? answerTo(typed);
  if (answer === undefined) return undefined;
  const [spelling, hints] = answer;
  return new VarveError('usage', `"${spelling}" is BitBake's spelling`, { hints });
}

function read(words: readonly string[], commands: readonly string[]): Typed | undefined {
  const options = new Map<string, string>();
  const names: string[] = [];
  for (let i = 0; i < words.length && words[i] !== '--'; i += 1) {
    const word = words[i] ?? '';
    if (!word.startsWith('-')) {
      names.push(word);
      continue;
    }
    const [name, attached] = splitOption(word);
    const option = long[name] ?? name;
    if (attached === undefined && withValue.has(option)) i += 1;
    options.set(option, attached ?? (withValue.has(option) ? (words[i] ?? '') : ''));
  }
  const [first = '', ...others] = names;
  const bitbake = first === 'bitbake';
  const bare = bitbake || !commands.includes(first);
  if (!bare && first !== 'build') return undefined;
  if (taskWords.includes(first)) options.set('-c', first);
  const spent = !bare || bitbake || taskWords.includes(first);
  return { options, targets: spent ? others : names, bare, bitbake };
}

/** `--cmd=x` and `-cx` carry their value. */
function splitOption(word: string): readonly [string, string?] {
  const equals = word.indexOf('=');
  if (word.startsWith('--')) return equals < 0 ? [word] : [word.slice(0, equals), word.slice(equals + 1)];
  const name = word.slice(0, 2);
  return word.length > 2 && withValue.has(name) ? [name, word.slice(2)] : [name];
}

function answerTo(typed: Typed): Answer | undefined {
  const special = specialTask(typed);
  if (special !== undefined) return [`-c ${typed.options.get('-c') ?? ''}`, special];
  const spelling = bitbakeOnly.find((option) => typed.options.has(option));
  if (spelling !== undefined) return [spelling, replace(spelling, typed)];
  const all = allRecipes.find((word) => typed.targets.includes(word));
  if (all !== undefined)
    return [`build ${all}`, ['varve recipes   lists them', `${buildLine(typed, ['RECIPE…'])}   builds some`]];
  const wantsBuild = ['-c', '-k', '-f', '-n'].some((option) => typed.options.has(option));
  if (!typed.bitbake && (!typed.bare || !wantsBuild || typed.targets.length === 0)) return undefined;
  const line = buildLine(typed, typed.targets.length > 0 ? typed.targets : ['TARGET']);
  return [typed.bitbake ? 'bitbake' : line.replace('varve build ', ''), [line]];
}

/** The build that was meant, without what only bitbake has. */
function buildLine({ options }: Typed, targets: readonly string[]): string {
  const kept = [...options].filter(([option]) => !bitbakeOnly.includes(option));
  const words = kept.flatMap(([option, value]) => (value === '' ? [option] : [option, value]));
  return ['varve build', ...(options.has('--continue') ? ['-k'] : []), ...words, ...targets].join(' ');
}

/** Tasks that BitBake has for what is not a task here. */
function specialTask({ options, targets }: Typed): readonly string[] | undefined {
  const all = targets.length > 0 ? targets.join(' ') : 'RECIPE';
  const each = targets.length > 0 ? targets : ['RECIPE'];
  switch (options.get('-c')?.replace(/^do_/, '')) {
    case 'clean':
      return [`varve clean ${all}`];
    case 'cleansstate':
      return [`varve clean ${all} --artifacts --history`];
    case 'cleanall':
      return [`varve clean ${all} --artifacts --history --downloads`];
    case 'devshell':
    case 'devpyshell':
    case 'pydevshell':
      return each.flatMap((target) => [
        `varve shell ${target}:compile   where do_compile ended`,
        `varve build -c patch ${target} && varve shell ${target}:patch   before that: its sources`,
      ]);
    case 'listtasks':
      return each.map((target) => `varve tasks ${target}`);
    case 'fetchall':
      return [`varve build --runall fetch ${all}`];
    default:
      return undefined;
  }
}

function replace(spelling: string, typed: Typed): readonly string[] {
  const { options, targets } = typed;
  const all = targets.length > 0 ? targets.join(' ') : 'RECIPE';
  const first = targets[0] ?? 'RECIPE';
  switch (spelling) {
    case '-e':
      return [
        targets[0] === undefined ? 'varve env' : `varve env ${first}`,
        `varve env ${first} VARIABLE   shows every statement that made a value`,
      ];
    case '-g':
      return [`varve graph ${all}`, `varve graph ${all} --tasks --format dot   as bitbake writes it`];
    case '-C':
      return [
        `varve build -f -c ${options.get('-C') ?? 'TASK'} ${all}`,
        `varve build ${all}   goes on from there`,
      ];
    case '--no-setscene':
      return [`varve build --no-cache ${all}`];
    case '--setscene-only':
      return [
        `varve build -n ${all}   tells what would be taken from the store; a build takes that, and runs the rest`,
      ];
    case '--continue':
      return [buildLine(typed, [all])];
    case '-S':
      return [`varve why ${first}`, `varve show ${first}:compile   lists every input of a task`];
    case '-b':
      return [
        buildLine(typed, [recipeOf(options.get('-b') ?? '')]),
        'varve recipes   lists the recipes and their files',
      ];
    case '-D':
      return [`${buildLine(typed, [all])} -v`];
    case '-u':
      return [
        `${buildLine(typed, [all])}   shows a line for each task, on a terminal also what is running`,
        `${buildLine(typed, [all])} --json   an event a line`,
      ];
    case '--runonly':
      return [`varve build --runall ${options.get('--runonly') ?? 'TASK'} ${all}`];
    default:
      return ['varve recipes'];
  }
}

/** `recipes/zlib_1.3.bb` is most likely zlib. */
function recipeOf(file: string): string {
  const name = file.replace(/^.*\/|(_[^/]*)?\.bb$/g, '');
  return name === '' ? 'RECIPE' : name;
}
