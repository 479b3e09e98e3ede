/** Reads and sets extended attributes on disk, for which node has no calls; the recorded ones only. Paths are raw. */
export interface XattrTools {
  /** Those of files and directories below `dir`. */
  read(dir: string, paths: readonly string[]): XattrsThere;
  /** Gives files and directories just these ('' for none); answers what the system refused, by path. */
  write(dir: string, wanted: ReadonlyMap<string, string>): ReadonlyMap<string, string>;
}

/** The program by which that is done. */
export interface AttributeProgram {
  /** Answers on its output the questions of its input, line by line. */
  readonly command: readonly [string, ...string[]];
  /** Asks one that is kept running. */
  ask(question: string): string;
}

export interface XattrsThere {
  /** As `formatXattrs` writes them; what has none is left out. */
  readonly words: ReadonlyMap<string, string>;
  /** What has an access control list, unless the directory itself hands one down to all that is made in it. */
  readonly acls: readonly string[];
}
