/** Splits a list as metadata writes it: words between white space. */
export function splitWords(text: string | undefined): readonly string[] {
  return (text ?? '').split(/\s+/).filter((word) => word !== '');
}

/** Splits a list of names that a version may follow: `zlib (>= 1.2)`. */
export function dependencyNames(text: string | undefined): readonly string[] {
  return [...new Set(splitWords((text ?? '').replaceAll(/\([^)]*\)/g, ' ')))];
}
