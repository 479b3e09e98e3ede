import type { Grammar } from './parse-file.ts';

export interface LineExplained {
  /** The part of the line that is wrong; left out: the line as a whole. */
  readonly about?: string;
  readonly hints: readonly string[];
}

/** Guesses what was meant by a line that is no statement. */
export function explainLine(text: string, grammar: Grammar): LineExplained {
  if (text.startsWith('\ufeff')) return { hints: [byteOrderMark] };
  if (/^\s+\S/.test(text)) return { hints: ['a statement begins at the start of the line'] };
  const operator = /^[\w.+/~:${}-]+(?:\[[^\]]*\])?\s*(-=|=-|\+\+=|=>|==)/.exec(text)?.[1];
  if (operator !== undefined) return { about: operator, hints: [unknownOperator(operator)] };
  if (/^[\w.+/~:${}-]+\s*(?::=|\?\?=|\?=|\+=|=\+|=\.|\.=|=)/.test(text)) return explainAssignment(text);
  if (/^(?:inherit|addtask|deltask|EXPORT_FUNCTIONS)\b/.test(text) && grammar === 'configuration') {
    return {
      hints: ['this belongs into a recipe or a class; in a configuration, INHERIT += "…" names classes'],
    };
  }
  if (/\(\s*\)\s*$/.test(text)) {
    return { hints: ['the "{" of a function stands on the same line as its name'] };
  }
  const body = /^(?:(?:python|fakeroot)\s+)*[^\s=()]*\s*\(\s*\)\s*\{\s*(\S.*)$/s.exec(text)?.[1];
  if (body !== undefined) {
    return {
      about: body,
      hints: [
        'the body of a function begins on the next line, and the "}" that closes it stands alone on its own',
      ],
    };
  }
  const override = /^unset\s+[^\s:]*(:\S+)/.exec(text)?.[1];
  if (override !== undefined) return { about: override, hints: ['unset takes a name without override'] };
  return { hints: ['an assignment reads NAME = "value"'] };
}

const byteOrderMark =
  'the file begins with a byte order mark, which nobody sees; take it out: sed -i "1s/^\\xEF\\xBB\\xBF//" FILE';

function unknownOperator(operator: string): string {
  return operator === '-='
    ? 'there is no "-="; NAME:remove = "…" takes words out'
    : `there is no operator "${operator}"`;
}

function explainAssignment(text: string): LineExplained {
  const value = text.replace(/^[^=]*=[+.]?\s*/, '');
  if (value === '') return { hints: ['write NAME = "" for an empty value'] };
  if (!/^['"]/.test(value)) return { about: value, hints: ['the value stands in quotes: NAME = "value"'] };
  const quote = value.charAt(0);
  const end = value.indexOf(quote, 1);
  if (end < 0) return { about: value, hints: ['the value is not closed by the quote that opens it'] };
  const rest = value.slice(end + 1).trim();
  if (value.endsWith(quote)) {
    return { about: rest, hints: ['use the other kind of quotes around a value that holds quotes'] };
  }
  return rest.startsWith('#')
    ? { about: rest, hints: ['a comment stands on a line of its own'] }
    : { about: rest, hints: ['nothing may follow the quote that closes the value'] };
}
