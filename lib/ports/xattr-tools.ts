/** Reads and sets extended attributes on disk, for which node has no calls; the recorded ones only. Paths are raw. */
export interface XattrTools {
  /** Those of files and directories below `dir`, as `formatXattrs` writes them; what has none is left out. */
  read(dir: string, paths: readonly string[]): ReadonlyMap<string, string>;
  /** Gives files and directories just these ('' for none); answers what the system refused, by path. */
  write(dir: string, wanted: ReadonlyMap<string, string>): ReadonlyMap<string, string>;
}
