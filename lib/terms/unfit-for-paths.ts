/** Nobody quotes paths in recipes: lists, flags, shell text and makefiles split them at these, or take them for more. */
const unfit = /[\s"'`\\$&;|<>()[\]{}*?#:,]/;

/** Says what a path must not hold that recipes work with; undefined where it is fit. */
export function unfitForPaths(path: string): string | undefined {
  const found = unfit.exec(path)?.[0];
  if (found === undefined) return undefined;
  return found.trim() === '' ? 'a blank' : `"${found}"`;
}

/** The path with a dash for each of these. */
export function fitPath(path: string): string {
  return path.replaceAll(new RegExp(unfit, 'g'), '-');
}
