/** The words of a command line before `--`. */
export function wordsBeforeDashes(words: readonly string[]): readonly string[] {
  return words.includes('--') ? words.slice(0, words.indexOf('--')) : words;
}

/** The words after `--`: paths, or a command. */
export function wordsAfterDashes(args: Readonly<Record<string, unknown>>): readonly string[] {
  const words = args['--'];
  return Array.isArray(words) ? words.map(String) : [];
}
