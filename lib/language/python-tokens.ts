/** Cuts Python text into tokens: for expressions, and to see what a function calls. */

export type PythonToken =
  | { readonly kind: 'name' | 'number' | 'operator'; readonly text: string; readonly line: number }
  | {
      readonly kind: 'string';
      /** The value; of a formatted or bytes literal, what is between the quotes. */
      readonly text: string;
      readonly line: number;
      readonly plain: boolean;
    }
  /** The text ends inside a string, or holds what is no Python. */
  | { readonly kind: 'broken'; readonly text: 'unterminated' | 'unknown'; readonly line: number };

const operators =
  /(?:\*\*=|\/\/=|>>=|<<=|\.\.\.|!=|==|<=|>=|->|:=|\*\*|\/\/|<<|>>|\+=|-=|\*=|\/=|%=|&=|\|=|\^=|@=|[-+*/%@&|^~<>()[\]{},:.;=])/y;
const name = /[\p{L}_][\p{L}\p{N}_]*/uy;
const number = /(?:0[xXoObB][\da-fA-F_]+|(?:\d[\d_]*)?\.?\d[\d_]*\.?(?:[eE][-+]?\d+)?[jJ]?)/y;
const stringStart = /([rR]?[bBfF]|[bBfF]?[rR]|[uU]?)('''|"""|'|")/y;

/** Cuts a text into tokens; what is broken ends the list. */
export function pythonTokens(text: string): readonly PythonToken[] {
  const tokens: PythonToken[] = [];
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const char = text.charAt(at);
    if (char === '\n') line++;
    if (/[ \t\f\r\n]/.test(char) || /^\\\r?\n/.test(text.slice(at, at + 3))) {
      at++;
      continue;
    }
    if (char === '#') {
      while (at < text.length && text.charAt(at) !== '\n') at++;
      continue;
    }
    const token = readToken(text, at, line);
    tokens.push(token.token);
    if (token.token.kind === 'broken') break;
    line += newlines(text.slice(at, token.end));
    at = token.end;
  }
  return tokens;
}

interface Read {
  readonly token: PythonToken;
  readonly end: number;
}

function readToken(text: string, at: number, line: number): Read {
  const start = matchAt(stringStart, text, at);
  if (start !== null)
    return readString(text, {
      at: at + start[0].length,
      prefix: start[1] ?? '',
      quote: start[2] ?? '',
      line,
    });
  for (const [kind, pattern] of [
    ['name', name],
    ['number', number],
    ['operator', operators],
  ] as const) {
    const match = matchAt(pattern, text, at);
    if (match !== null) return { token: { kind, text: match[0], line }, end: at + match[0].length };
  }
  return { token: { kind: 'broken', text: 'unknown', line }, end: text.length };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

interface StringStart {
  readonly at: number;
  readonly prefix: string;
  readonly quote: string;
  readonly line: number;
}

function readString(text: string, { at, prefix, quote, line }: StringStart): Read {
  let end = at;
  while (!text.startsWith(quote, end)) {
    const char = text.charAt(end);
    if (char === '' || (char === '\n' && quote.length === 1)) {
      const reason = quote.length === 1 ? 'unterminated' : 'unknown';
      return { token: { kind: 'broken', text: reason, line }, end: text.length };
    }
    end += char === '\\' ? 2 : 1;
  }
  const plain = !/[bf]/i.test(prefix);
  const inside = text.slice(at, end);
  const value = plain && !/r/i.test(prefix) ? unescaped(inside) : inside;
  return {
    token: { kind: 'string', text: value ?? inside, line, plain: plain && value !== undefined },
    end: end + quote.length,
  };
}

const simpleEscapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\u0007',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
};

/** Undefined: there is an escape that only Python knows. */
function unescaped(text: string): string | undefined {
  if (!text.includes('\\')) return text;
  const known =
    /^(?:[^\\]|\\(?:x[\da-fA-F]{2}|u(?![dD][89a-fA-F])[\da-fA-F]{4}|U000[\da-fA-F]{5}|[^xuUN]))*$/s;
  if (!known.test(text)) return undefined;
  return text.replace(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3})|([\s\S]))/g,
    (all, ...groups: (string | undefined)[]) => {
      const [x, u, long, octal, one] = groups;
      const hex = x ?? u ?? long;
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
      return simpleEscapes[one ?? ''] ?? all;
    },
  );
}

function newlines(text: string): number {
  return text.includes('\n') ? text.split('\n').length - 1 : 0;
}
