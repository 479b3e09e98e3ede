/** Transcripts in Markdown: what a user types and sees, run for real and compared. */

/** One command of a transcript, with the output that is promised. */
export interface Exchange {
  readonly line: number;
  readonly command: string;
  readonly expected: readonly string[];
  /** 0 unless the transcript says `[exit N]`. */
  readonly exit: number;
}

/**
 * Reads the `console` blocks of a Markdown text. `$ ` begins a command and `> ` goes on with it; other lines are its
 * output, in which `…` stands for any text and a line of `…` alone for any lines.
 */
export function readTranscript(markdown: string): readonly Exchange[] {
  const exchanges: { line: number; command: string; expected: string[]; exit: number }[] = [];
  let inside = false;
  markdown.split('\n').forEach((text, index) => {
    if (text.startsWith('```')) {
      inside = !inside && text === '```console';
      return;
    }
    const last = exchanges.at(-1);
    const exit = /^\[exit (\d+)\]$/.exec(text)?.[1];
    if (!inside) return;
    if (text.startsWith('$ '))
      exchanges.push({ line: index + 1, command: text.slice(2), expected: [], exit: 0 });
    else if (last === undefined) throw new Error(`line ${index + 1}: output before the first command`);
    else if (text.startsWith('> ') && last.expected.length === 0) last.command += `\n${text.slice(2)}`;
    else if (exit !== undefined) last.exit = Number(exit);
    else last.expected.push(text);
  });
  return exchanges;
}

/** Says what is wrong with an output, or undefined where it is as promised. */
export function mismatch(expected: readonly string[], actual: string): string | undefined {
  const lines = actual.replace(/\n$/, '').split('\n');
  const wanted = expected.length === 0 ? [''] : expected;
  return matches(wanted, lines) ? undefined : `promised:\n${expected.join('\n')}\n\nseen:\n${actual}`;
}

function matches(wanted: readonly string[], seen: readonly string[]): boolean {
  const [first, ...rest] = wanted;
  if (first === undefined) return seen.length === 0;
  if (first.trim() === '…') {
    return seen.some((_, index) => matches(rest, seen.slice(index))) || matches(rest, []);
  }
  const [line, ...others] = seen;
  return line !== undefined && pattern(first).test(line) && matches(rest, others);
}

function pattern(line: string): RegExp {
  // What stands for any text may be wider or narrower than in the transcript.
  const parts = line.trimEnd().split(/ *… */);
  return new RegExp(`^${parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')}\\s*$`);
}
