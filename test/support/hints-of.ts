import { VarveError } from '../../lib/terms/varve-error.ts';

/** The hints of the error that `work` ends in; none where it ends well. */
export function hintsOf(work: () => unknown): readonly string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof VarveError) return error.hints;
    throw error;
  }
  return [];
}
