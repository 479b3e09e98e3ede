/** The words after `--`: paths, or a command. */
export function wordsAfterDashes(args: Readonly<Record<string, unknown>>): readonly string[] {
  const words = args['--'];
  return Array.isArray(words) ? words.map(String) : [];
}
