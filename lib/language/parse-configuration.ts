import { VarveError } from '../terms/varve-error.ts';
import type { Environment } from './environment.ts';
import { parseCommonLine } from './parse-line.ts';
import type { Statement } from './statements.ts';
import { linesOf } from './text-lines.ts';

/** Reads a `.conf`: a line that ends in a backslash goes on in the next, and so does a comment. */
export function parseConfiguration(
  text: string,
  file: string,
  warn: Environment['warn'],
): readonly Statement[] {
  const lines = linesOf(text);
  const statements: Statement[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = index + 1;
    let whole = lines[index] ?? '';
    if (whole === '') continue;
    while (whole.endsWith('\\')) {
      index++;
      const next = lines[index] ?? '';
      if (whole.startsWith('#') && !next.startsWith('#')) throw confusing(file, line);
      whole = whole.slice(0, -1) + next;
    }
    if (whole.startsWith('#')) continue;
    const lastLine = index + 1;
    statements.push(parseCommonLine(whole, { file, line, lastLine }, { grammar: 'configuration', warn }));
  }
  return statements;
}

/** A comment that ends in a backslash and goes on in a line that is none: nobody can tell what was meant. */
export function confusing(file: string, line: number): VarveError {
  return new VarveError('metadata', 'this comment goes on in a line that is no comment', {
    place: { file, line },
    hints: ['take the backslash away, or put a "#" before each line'],
  });
}
