/**
 * The texts of metadata, wherever they are kept. Reads are synchronous, because the language is, and an
 * implementation remembers them: within one command a file has one content.
 */
export interface SourceText {
  /** The text of a file; undefined where there is no such file. */
  read(path: string): string | undefined;
  exists(path: string): boolean;
  /** Names in a directory, sorted; none where there is no such directory. */
  list(dir: string): readonly string[];
}
