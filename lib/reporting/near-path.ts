/** A path below `cwd` is named from there; any other stays as it is. */
export function nearPath(path: string, cwd: string): string {
  const above = cwd.endsWith('/') ? cwd : `${cwd}/`;
  return path.startsWith(above) && path !== above ? path.slice(above.length) : path;
}
