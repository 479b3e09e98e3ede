import { VarveError } from './varve-error.ts';

/** Whether a call of the system failed for want of room, or what was made of that. */
export function isDiskFull(error: unknown): boolean {
  if (error instanceof VarveError) return error.fault === 'disk';
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}
