import type { World } from '../ports/world.ts';
import { VarveError, type ErrorDetails, type Fault, type Place } from '../terms/varve-error.ts';

/** The parts of the world that sources need. */
export type SourceWorld = Pick<World, 'fs' | 'env' | 'now' | 'pid' | 'hostname' | 'run' | 'runAsync'>;

/** Who asks for sources: what an error names. */
export interface SourceAsker {
  readonly recipe: string;
  readonly recipeFile: string;
  /** Where in the metadata a URI was written, where that is known. */
  readonly uriPlace?: (uri: string) => Place | undefined;
  /** Where a variable, or one of its flags, got its value, where that is known. */
  readonly valuePlace?: (variable: string, flag?: string) => Place | undefined;
}

/** SHA-256 of local files by path, good for as long as `stat` says the same; may be kept between builds. */
export type FileMemo = Map<string, { readonly stat: string; readonly sha256: string }>;

/** What the metadata of one recipe says about its sources; every text is expanded. */
export interface SourceContext extends SourceAsker {
  readonly version: string;
  /** SRC_URI. */
  readonly srcUri: string;
  /** Flags of SRC_URI: `sha256sum`, `NAME.sha256sum`. */
  readonly flags: ReadonlyMap<string, string>;
  /** FILESPATH: absolute directories, in order of search. */
  readonly filesPath: readonly string[];
  /** DL_DIR. */
  readonly downloadDir: string;
  /** UNPACKDIR. */
  readonly unpackDir: string;
  /** S. */
  readonly s: string;
  /** B: what tasks make there is no source. */
  readonly b: string;
  readonly workdir: string;
  /** The revision of the source called `name` (`default` where a URI has no `;name=`): SRCREV_name or SRCREV. */
  readonly srcrev: (name: string) => string | undefined;
  /** BB_GIT_DEFAULT_DESTSUFFIX; `git` where nothing sets it. */
  readonly gitDestSuffix?: string;
  /** PREMIRRORS and MIRRORS: pairs of a pattern and what replaces it. */
  readonly premirrors: string;
  readonly mirrors: string;
  readonly offline: boolean;
  /** Bytes that the content of any archive may have, however small the archive is; a gibibyte where nothing is set. */
  readonly unpackLimit?: number;
  /** Receives one line for the task's log. */
  readonly log: (line: string) => void;
  readonly memo?: FileMemo;
  readonly world: SourceWorld;
  readonly signal: AbortSignal;
}

/** Makes an error about the sources of a recipe, placed where `uri` was written. */
export function sourceError(asker: SourceAsker, fault: Fault, problem: Problem): VarveError {
  const uriPlace = problem.uri === undefined ? undefined : asker.uriPlace?.(problem.uri);
  const place = problem.place ?? uriPlace ?? { file: asker.recipeFile };
  const details: ErrorDetails = {
    place,
    ...(problem.hints === undefined ? {} : { hints: problem.hints }),
    ...(problem.cause === undefined ? {} : { cause: problem.cause }),
  };
  return new VarveError(fault, `${asker.recipe}: ${problem.message}`, details);
}

export interface Problem {
  readonly message: string;
  /** The entry of SRC_URI that it is about. */
  readonly uri?: string;
  /** Where not the entry itself is what is wrong. */
  readonly place?: Place;
  readonly hints?: readonly string[];
  readonly cause?: unknown;
}

/** Turns what the file system said (no space, no permission) into an error about the source it was said of. */
export function explainFailure(asker: SourceAsker, uri: string, error: unknown): unknown {
  if (error instanceof VarveError || !(error instanceof Error) || !('syscall' in error)) return error;
  return sourceError(asker, 'task', { message: `${uri}: ${error.message}`, uri, cause: error });
}
