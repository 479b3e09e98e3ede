/** Splits a list as metadata writes it: words between white space. */
export function splitWords(text: string | undefined): readonly string[] {
  // Most flags that are asked for are not set.
  return text === undefined || text === '' ? none : text.split(/\s+/).filter((word) => word !== '');
}

const none: readonly string[] = [];

/** Splits a list of names that a version may follow: `zlib (>= 1.2)`. */
export function dependencyNames(text: string | undefined): readonly string[] {
  return [...new Set(splitWords((text ?? '').replaceAll(/\([^)]*\)/g, ' ')))];
}
