/**
 * Makes the function that says whether one of the patterns of FILES takes a path: by itself, or as part of a directory that
 * it takes. A `*`, `?` or `[…]` stands for nothing that has a slash in it and, at the beginning of a name, for no dot.
 *
 * @param patterns raw, with or without a slash in front
 */
export function matcherOf(patterns: readonly string[]): (path: string) => boolean {
  if (patterns.length === 0) return () => false;
  const one = patterns.map((pattern) => pattern.split('/').filter((name) => name !== '' && name !== '.'));
  const text = one.map((names) => names.map(nameText).join('/')).join('|');
  const expression = new RegExp(`^(?:${text})(?:/|$)`, 's');
  const all = one.some((names) => names.length === 0);
  return (path) => all || expression.test(path);
}

/** A name of a pattern as text of a regular expression. */
function nameText(name: string): string {
  const parts = name.match(/\[!?\]?[^\]]*\]|[\s\S]/g) ?? [];
  const text = parts.map((part) => {
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    return part.length > 1 ? setText(part) : part.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  });
  return `${/^[*?[]/.test(name) ? '(?!\\.)' : ''}${text.join('')}`;
}

/** `[a-z]`, or with `!` in front all but these. */
function setText(part: string): string {
  const not = part.startsWith('[!');
  const inner = part.slice(not ? 2 : 1, -1).replaceAll(/[\\[\]^]/g, '\\$&');
  return `(?!/)[${not ? '^' : ''}${inner}]`;
}
