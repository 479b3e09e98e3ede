import type { Reason } from '../terms/verdict.ts';

/** Completes the sentence "zlib:do_compile runs because …". */
export function describeReason(reason: Reason): string {
  switch (reason.kind) {
    case 'never-built':
      return 'it was never built';
    case 'forced':
      return 'it was forced';
    case 'inputs-changed':
      return 'its inputs changed';
    case 'missing':
      return `${reason.what} is missing`;
    default:
      return reason satisfies never;
  }
}
