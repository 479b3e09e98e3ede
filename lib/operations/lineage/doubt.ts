/**
 * Why nobody can tell who wrote a line: the record does not hold how it was made; it is so short, or the only line that
 * is the same, that it may be elsewhere by chance; there is too much text to look for it; or equal files have different writers.
 */
export type Doubt = 'not-recorded' | 'too-short' | 'single-line' | 'too-much-text' | 'several-writers';
