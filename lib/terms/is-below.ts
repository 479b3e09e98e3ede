/** Tells whether a path lies in a directory; both are absolute and have no `..` in them. */
export function isBelow(path: string, dir: string): boolean {
  return path.startsWith(dir.endsWith('/') ? dir : `${dir}/`) && path !== dir;
}
