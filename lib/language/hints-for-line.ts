import type { Grammar } from './parse-file.ts';

/** Guesses what was meant by a line that is no statement. */
export function hintsFor(text: string, grammar: Grammar): readonly string[] {
  if (text.startsWith('\uFEFF')) {
    return [
      'the file begins with a byte order mark, which nobody sees; take it out: sed -i "1s/^\\xEF\\xBB\\xBF//" FILE',
    ];
  }
  if (/^\s+\S/.test(text)) return ['a statement begins at the start of the line'];
  const operator = /^[\w.+/~:${}-]+(?:\[[^\]]*\])?\s*(-=|=-|\+\+=|=>|==)/.exec(text)?.[1];
  if (operator === '-=') return ['there is no "-="; NAME:remove = "…" takes words out'];
  if (operator !== undefined) return [`there is no operator "${operator}"`];
  if (/^[\w.+/~:${}-]+\s*(?::=|\?\?=|\?=|\+=|=\+|=\.|\.=|=)/.test(text)) return assignmentHint(text);
  if (/^(?:inherit|addtask|deltask|EXPORT_FUNCTIONS)\b/.test(text) && grammar === 'configuration') {
    return ['this belongs into a recipe or a class; in a configuration, INHERIT += "…" names classes'];
  }
  if (/\(\s*\)\s*$/.test(text)) return ['the "{" of a function stands on the same line as its name'];
  if (/^unset\s+\S*:/.test(text)) return ['unset takes a name without override'];
  return ['an assignment reads NAME = "value"'];
}

function assignmentHint(text: string): readonly string[] {
  const value = text.replace(/^[^=]*=[+.]?\s*/, '');
  if (value === '') return ['write NAME = "" for an empty value'];
  if (!/^['"]/.test(value)) return ['the value stands in quotes: NAME = "value"'];
  const quote = value.charAt(0);
  if (value.length === 1 || !value.endsWith(quote))
    return ['the value is not closed by the quote that opens it'];
  return ['use the other kind of quotes around a value that holds quotes'];
}
