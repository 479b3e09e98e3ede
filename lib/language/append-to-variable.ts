const assignment = (variable: string): RegExp =>
  new RegExp(`^${variable}(?<overrides>(?::[^\\s=?+.:]+)*)\\s*(?:\\?\\?=|[?:+.]=|=[+.]|=)`);

/**
 * Recipe text with more words in a variable, after all that the text itself says of it: words that come by `:append`
 * would stand behind those of `+=`, so that where there are some, these come by `:append` too.
 */
export function appendToVariable(text: string, variable: string, words: readonly string[]): string {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  const pattern = assignment(variable);
  const ends: number[] = [];
  let byAppend = false;
  for (let at = 0; at < lines.length; at += 1) {
    const match = pattern.exec(lines[at] ?? '');
    while (lines[at]?.endsWith('\\') === true) at += 1;
    if (match === null) continue;
    ends.push(at + 1);
    byAppend ||= /:append(?::|$)/.test(match.groups?.['overrides'] ?? '');
  }
  const after = ends.at(-1) ?? lines.length;
  const blank = ends.length > 0 || lines.length === 0 ? [] : [''];
  const added = words.map((word) =>
    byAppend ? `${variable}:append = " ${word}"` : `${variable} += "${word}"`,
  );
  return `${[...lines.slice(0, after), ...blank, ...added, ...lines.slice(after)].join('\n')}\n`;
}
