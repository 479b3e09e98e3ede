/** Finds the commands that a shell text calls: what stands where a command may stand, in substitutions too. */
import { memoryOf, type Environment } from './environment.ts';
import { shellTokens, type ShellToken } from './shell-tokens.ts';

/** Scans a text for command names, those aside that it defines itself; what was scanned before is remembered. */
export function scanShell(environment: Environment, text: string): ReadonlySet<string> {
  const { shellCommands } = memoryOf(environment);
  const known = shellCommands.get(text);
  if (known !== undefined) return known;
  const found: Found = { commands: new Set(), functions: new Set() };
  scan(text, found);
  const commands = new Set([...found.commands].filter((name) => !found.functions.has(name)));
  shellCommands.set(text, commands);
  return commands;
}

interface Found {
  readonly commands: Set<string>;
  readonly functions: Set<string>;
}

/** After these a command begins. */
const leaders: ReadonlySet<string> = new Set('if then elif else do while until ! {'.split(' '));
/** These close something; a command may follow only behind a separator. */
const closers: ReadonlySet<string> = new Set('fi done esac }'.split(' '));

/** What is expected next. */
type Mode = 'command' | 'argument' | 'file' | 'loop' | 'list' | 'subject' | 'pattern';

interface Walk {
  mode: Mode;
  /** The mode to go back to after a file name. */
  before: Mode;
  /** Open `case`s: after `;;` patterns come. */
  cases: number;
  /** Between the name of a function and the `)` behind it; its body follows. */
  defining: boolean;
}

function scan(text: string, found: Found): void {
  const tokens = shellTokens(text);
  const walk: Walk = { mode: 'command', before: 'command', cases: 0, defining: false };
  for (const [index, token] of tokens.entries()) {
    if (token.kind === 'operator') operator(token.text, walk);
    else {
      for (const inner of token.substitutions) scan(inner, found);
      word(tokens, index, { walk, found, text: token.text });
    }
  }
}

function operator(text: string, walk: Walk): void {
  if (/[<>]/.test(text)) {
    if (walk.mode !== 'file') walk.before = walk.mode;
    walk.mode = 'file';
  } else if (text === ';;') walk.mode = walk.cases > 0 ? 'pattern' : 'command';
  else if (walk.mode === 'pattern') {
    if (text === ')') walk.mode = 'command';
  } else if (walk.mode === 'subject' || (walk.mode === 'loop' && text === '\n')) return;
  else {
    walk.mode = text === ')' && !walk.defining ? 'argument' : 'command';
    if (text === ')') walk.defining = false;
  }
}

interface Word {
  readonly walk: Walk;
  readonly found: Found;
  readonly text: string;
}

function word(tokens: readonly ShellToken[], index: number, { walk, found, text }: Word): void {
  switch (walk.mode) {
    case 'file':
      walk.mode = walk.before;
      return;
    case 'subject':
      if (text === 'in') walk.mode = 'pattern';
      return;
    case 'pattern':
      if (text === 'esac') leaveCase(walk);
      return;
    case 'loop':
      if (text === 'in') walk.mode = 'list';
      else if (text === 'do') walk.mode = 'command';
      return;
    case 'argument':
    case 'list':
      return;
    case 'command':
      command(tokens, index, { walk, found, text });
      return;
    default:
      walk.mode satisfies never;
  }
}

function leaveCase(walk: Walk): void {
  walk.cases--;
  walk.mode = 'argument';
}

function command(tokens: readonly ShellToken[], index: number, { walk, found, text }: Word): void {
  if (leaders.has(text)) return;
  if (text === 'esac') leaveCase(walk);
  else if (closers.has(text)) walk.mode = 'argument';
  else if (text === 'case') {
    walk.cases++;
    walk.mode = 'subject';
  } else if (text === 'for') walk.mode = 'loop';
  else if (isOperator(tokens[index + 1], '(') && isOperator(tokens[index + 2], ')')) {
    found.functions.add(text);
    walk.defining = true;
  } else if (!text.includes('=')) {
    walk.mode = 'argument';
    if (text === 'eval') scan(restOfCommand(tokens, index + 1), found);
    else if (!/^[$`"']/.test(text)) found.commands.add(text);
  }
}

function isOperator(token: ShellToken | undefined, text: string): boolean {
  return token?.kind === 'operator' && token.text === text;
}

function restOfCommand(tokens: readonly ShellToken[], from: number): string {
  const words: string[] = [];
  for (let at = from; tokens[at]?.kind === 'word'; at++) {
    const text = tokens[at]?.text ?? '';
    words.push(/^(['"]).*\1$/s.test(text) ? text.slice(1, -1) : text);
  }
  return words.join(' ');
}
