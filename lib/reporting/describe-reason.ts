import type { Failure, Reason } from '../terms/verdict.ts';

/** Completes the sentence "zlib:do_compile runs because …". */
export function describeReason(reason: Reason): string {
  switch (reason.kind) {
    case 'never-built':
      return describeFailure(reason.failed) ?? 'it was never built';
    case 'forced':
      return 'it was to run whatever stands (-f, --no-cache or [nostamp])';
    case 'inputs-changed':
      return describeFailure(reason.failed) ?? 'its inputs changed';
    case 'missing':
      return reason.what;
    default:
      return reason satisfies never;
  }
}

function describeFailure(failed: Failure | undefined): string | undefined {
  if (failed === undefined) return undefined;
  const how = failed.build === undefined ? 'it was cut off' : `it failed in build ${failed.build}`;
  return failed.sameInputs ? how : `its inputs changed since ${how}`;
}
