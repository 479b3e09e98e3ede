/** Cuts shell text into words and operators, as POSIX says, and finds the commands inside words. */

export type ShellToken =
  | { readonly kind: 'operator'; readonly text: string }
  | {
      readonly kind: 'word';
      /** With its quotes. */
      readonly text: string;
      /** The texts of `$(…)` and backquotes in it. */
      readonly substitutions: readonly string[];
    };

/** The number of a redirection, `2>`, belongs to the operator, not to the words. */
const operators = /(?:\d+(?=[<>]))?(?:&&|\|\||;;|<<-|<<|>>|<&|>&|<>|>\||\n|[;&|()<>])/y;

interface HereDocument {
  readonly end: string;
  readonly stripsTabs: boolean;
}

/** Cuts a text into tokens; the texts of here-documents are passed over. */
export function shellTokens(text: string): readonly ShellToken[] {
  const tokens: ShellToken[] = [];
  let pending: HereDocument[] = [];
  let at = 0;
  while (at < text.length) {
    if (/[ \t\r]/.test(text.charAt(at))) at++;
    else if (text.startsWith('\\\n', at)) at += 2;
    else if (text.charAt(at) === '#') at = endOfLine(text, at);
    else {
      operators.lastIndex = at;
      const operator = operators.exec(text)?.[0];
      if (operator !== undefined) {
        tokens.push({ kind: 'operator', text: operator });
        at += operator.length;
        if (operator === '\n' && pending.length > 0) {
          for (const document of pending) at = afterDocument(text, at, document);
          pending = [];
        }
        continue;
      }
      const word = readWord(text, at);
      tokens.push({ kind: 'word', text: word.text, substitutions: word.substitutions });
      const before = tokens.at(-2);
      if (before?.kind === 'operator' && /<<-?$/.test(before.text)) {
        pending.push({ end: word.text.replaceAll(/['"\\]/g, ''), stripsTabs: before.text.endsWith('-') });
      }
      at = word.end;
    }
  }
  return tokens;
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

function afterDocument(text: string, from: number, { end, stripsTabs }: HereDocument): number {
  let at = from;
  while (at < text.length) {
    const lineEnd = endOfLine(text, at);
    const line = text.slice(at, lineEnd);
    at = lineEnd + 1;
    if ((stripsTabs ? line.replace(/^\t+/, '') : line) === end) break;
  }
  return Math.min(at, text.length);
}

interface Word {
  readonly text: string;
  readonly end: number;
  readonly substitutions: readonly string[];
}

function readWord(text: string, from: number): Word {
  const substitutions: string[] = [];
  let at = from;
  for (;;) {
    at = afterPlain(text, at);
    if (at >= text.length || /[\s;&|()<>]/.test(text.charAt(at))) break;
    at = afterPart(text, at, substitutions);
  }
  // Nothing taken would mean no end.
  if (at === from) at++;
  return { text: text.slice(from, at).replaceAll('\\\n', ''), end: at, substitutions };
}

/** Characters of a word that stand for nothing but themselves. */
const plain = /[^\s;&|()<>\\'"`$]+/y;

function afterPlain(text: string, at: number): number {
  plain.lastIndex = at;
  return plain.test(text) ? plain.lastIndex : at;
}

/** Passes one character, quotation or substitution of a word. */
function afterPart(text: string, at: number, substitutions: string[]): number {
  const char = text.charAt(at);
  if (char === '\\') return at + 2;
  if (char === "'") return afterClosing(text, at + 1, "'");
  if (char === '"') return afterDoubleQuotes(text, at + 1, substitutions);
  if (char === '`') return afterBackquotes(text, at + 1, substitutions);
  if (text.startsWith('$((', at)) return afterArithmetic(text, at, substitutions);
  if (text.startsWith('$(', at)) return afterSubstitution(text, at + 2, substitutions);
  if (text.startsWith('${', at)) return afterParameter(text, at + 2, substitutions);
  return at + 1;
}

function afterClosing(text: string, at: number, quote: string): number {
  const end = text.indexOf(quote, at);
  return end < 0 ? text.length : end + 1;
}

function afterDoubleQuotes(text: string, from: number, substitutions: string[]): number {
  let at = from;
  while (at < text.length && text.charAt(at) !== '"') {
    at = text.charAt(at) === "'" ? at + 1 : afterPart(text, at, substitutions);
  }
  return Math.min(at + 1, text.length);
}

function afterBackquotes(text: string, from: number, substitutions: string[]): number {
  let at = from;
  while (at < text.length && text.charAt(at) !== '`') at += text.charAt(at) === '\\' ? 2 : 1;
  substitutions.push(text.slice(from, at).replaceAll(/\\([`$\\])/g, '$1'));
  return Math.min(at + 1, text.length);
}

function afterSubstitution(text: string, from: number, substitutions: string[]): number {
  const end = matchingBracket(text, from);
  substitutions.push(text.slice(from, end));
  return Math.min(end + 1, text.length);
}

/** Finds the `)` that ends a substitution; brackets of `case` patterns must be balanced. */
function matchingBracket(text: string, from: number): number {
  let depth = 1;
  let at = from;
  while (at < text.length) {
    const char = text.charAt(at);
    if (char === '(') depth++;
    if (char === ')' && --depth === 0) return at;
    if (char === '#' && /\s/.test(text.charAt(at - 1))) at = endOfLine(text, at);
    else at = /[\\'"`$]/.test(char) ? afterPart(text, at, []) : at + 1;
  }
  return text.length;
}

function afterArithmetic(text: string, at: number, substitutions: string[]): number {
  const end = text.indexOf('))', at);
  // `$((` may also begin a subshell inside a substitution.
  const inside = end < 0 ? '' : text.slice(at + 3, end);
  if (end < 0 || /[;\n]/.test(inside)) return afterSubstitution(text, at + 2, substitutions);
  return end + 2;
}

function afterParameter(text: string, from: number, substitutions: string[]): number {
  let at = from;
  while (at < text.length && text.charAt(at) !== '}') at = afterPart(text, at, substitutions);
  return Math.min(at + 1, text.length);
}
