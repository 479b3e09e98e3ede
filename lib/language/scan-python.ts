/**
 * Finds what Python text reads and calls, as BitBake finds it: by the literal names in calls. Python itself is not
 * asked, because a signature must not depend on whether there is one.
 */
import { memoryOf, type Environment } from './environment.ts';
import { pythonTokens, type PythonToken } from './python-tokens.ts';
import { splitWords } from './python-values.ts';

export interface PythonReferences {
  /** Variables, and flags as `NAME[flag]`, read by a literal name. */
  readonly reads: ReadonlySet<string>;
  /** Functions called, by dotted name. */
  readonly calls: ReadonlySet<string>;
  /** What is asked of a variable with `bb.utils.contains` and the like. */
  readonly contains: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Scans a text; what was scanned before is remembered. */
export function scanPython(environment: Environment, text: string): PythonReferences {
  const { pythonReferences } = memoryOf(environment);
  const known = pythonReferences.get(text);
  if (known !== undefined) return known;
  const found: Found = { reads: new Set(), calls: new Set(), contains: new Map() };
  scanTokens(pythonTokens(text), found);
  pythonReferences.set(text, found);
  return found;
}

interface Found {
  readonly reads: Set<string>;
  readonly calls: Set<string>;
  readonly contains: Map<string, Set<string>>;
}

interface Call {
  readonly name: string;
  /** The arguments that are literal texts, by position. */
  readonly args: readonly (string | undefined)[];
}

function scanTokens(tokens: readonly PythonToken[], found: Found): void {
  for (const [index, token] of tokens.entries()) {
    if (token.kind === 'string' && !token.plain) scanFormatted(token.text, found);
    if (token.kind !== 'operator' || token.text !== '(') continue;
    const name = calledName(tokens, index);
    if (name !== undefined) noteCall({ name, args: literalArguments(tokens, index) }, found);
  }
}

/** The dotted name before a bracket; undefined: no call, a definition, or a call on something computed. */
function calledName(tokens: readonly PythonToken[], bracket: number): string | undefined {
  const parts: string[] = [];
  let at = bracket - 1;
  for (;;) {
    const token = tokens[at];
    if (token?.kind !== 'name' || notCallable.has(token.text)) return undefined;
    parts.unshift(token.text);
    if (tokens[at - 1]?.kind !== 'operator' || tokens[at - 1]?.text !== '.') break;
    at -= 2;
  }
  const before = tokens[at - 1];
  return before?.kind === 'name' && (before.text === 'def' || before.text === 'class')
    ? undefined
    : parts.join('.');
}

const notCallable: ReadonlySet<string> = new Set(
  'and as assert async await del elif else except finally for from global if import in is lambda nonlocal not or raise return while with yield None True False'.split(
    ' ',
  ),
);

/** Reads arguments up to the closing bracket, as far as they are single literals. */
function literalArguments(tokens: readonly PythonToken[], bracket: number): readonly (string | undefined)[] {
  const args: (string | undefined)[] = [];
  let depth = 0;
  let literal: string | undefined;
  let tainted = false;
  for (let at = bracket + 1; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined || token.kind === 'broken') break;
    const text = token.kind === 'operator' ? token.text : '';
    if (depth === 0 && (text === ',' || text === ')')) {
      args.push(tainted ? undefined : literal);
      if (text === ')' || args.length === 2) break;
      literal = undefined;
      tainted = false;
      continue;
    }
    if ('([{'.includes(text) && text !== '') depth++;
    else if (')]}'.includes(text) && text !== '') depth--;
    if (token.kind === 'string' && token.plain && depth === 0) literal = (literal ?? '') + token.text;
    else tainted = true;
  }
  return args;
}

function noteCall({ name, args }: Call, found: Found): void {
  const [first, second] = args;
  if (/(?:\.getVarFlag|\.appendVarFlag|\.prependVarFlag)$/.test(name)) {
    if (first !== undefined && second !== undefined) found.reads.add(`${first}[${second}]`);
    return;
  }
  if (name === 'bb.utils.contains' || name === 'base_contains') {
    if (first !== undefined && second !== undefined) addItems(found, first, [second]);
    else if (first !== undefined) found.reads.add(first);
    return;
  }
  if (name === 'bb.utils.contains_any' || name === 'bb.utils.filter') {
    if (first !== undefined && second !== undefined) addItems(found, first, splitWords(second));
    else if (first !== undefined) found.reads.add(first);
    return;
  }
  if (/(?:\.getVar|\.appendVar|\.prependVar|oe\.utils\.conditional)$/.test(name)) {
    if (first !== undefined) found.reads.add(first);
  } else if (name.endsWith('.expand')) scanExpanded(first ?? '', found);
  else if (name === 'bb.build.exec_func' || name === 'bb.build.exec_task') {
    if (first !== undefined) found.calls.add(first);
  } else found.calls.add(name);
}

/** What a text refers to, in inline Python too. */
function scanExpanded(text: string, found: Found): void {
  for (const [, name] of text.matchAll(/\$\{([a-zA-Z0-9\-_+./~:]+)\}/g)) found.reads.add(name ?? '');
  for (const [, code] of text.matchAll(/\$\{@((?:\{.*?\}|.)+?)\}/g))
    scanTokens(pythonTokens((code ?? '').trim()), found);
}

function addItems(found: Found, variable: string, items: readonly string[]): void {
  const known = found.contains.get(variable) ?? new Set();
  for (const item of items) known.add(item);
  found.contains.set(variable, known);
}

/** Looks into the braces of a formatted text; two in a row are no braces. */
function scanFormatted(text: string, found: Found): void {
  for (const match of text.matchAll(/\{\{|\{/g)) {
    if (match[0] === '{') scanTokens(untilClosed(pythonTokens(text.slice(match.index + 1))), found);
  }
}

/** The tokens before a `}` that nothing among them opened. */
function untilClosed(tokens: readonly PythonToken[]): readonly PythonToken[] {
  let depth = 0;
  const end = tokens.findIndex(({ kind, text }) => {
    if (kind !== 'operator') return false;
    if (text === '{') depth++;
    return text === '}' && --depth < 0;
  });
  return end < 0 ? tokens : tokens.slice(0, end);
}
