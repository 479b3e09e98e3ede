import { VarveError } from '../terms/varve-error.ts';
import type { Environment } from './environment.ts';

/** The error for metadata that should be in a file, and is not. */
export function notAFile({ source }: Environment, file: string): VarveError {
  const what = source.exists(file) ? `${file} is a directory, not a file` : `there is no file ${file}`;
  return new VarveError('metadata', what, { place: { file } });
}
