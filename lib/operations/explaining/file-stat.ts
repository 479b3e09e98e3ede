/** How much of a local source changed. */
import type { Cause } from '../../signatures/explain-changes.ts';
import { compareTexts } from '../../trees/compare-texts.ts';
import { findSource } from '../record/find-source.ts';
import type { TheRecord } from '../record/open-record.ts';
import type { ExplainedCause } from './explanation.ts';

/** The record in which a content is looked for, and the newest build that may have it; absent: any. */
export interface StatSide {
  readonly record: TheRecord;
  readonly upTo: number | undefined;
}

export interface FileStat {
  /** Lines; absent where one side is no text. */
  readonly lines?: { readonly added: number; readonly deleted: number };
  /** Bytes before and after. */
  readonly bytes: readonly [number, number];
}

/**
 * Counts what changed in a local source. Its contents are in the states that do_unpack left, the newest one also in
 * its layer; undefined where one of them is nowhere any more.
 */
function statFile(
  cause: Cause,
  { from, to }: { readonly from: StatSide; readonly to: StatSide },
): FileStat | undefined {
  const [before, after] = [sha256In(cause.from), sha256In(cause.to)];
  if (cause.kind !== 'file' || before === undefined || after === undefined || before === after)
    return undefined;
  const old = findSource(from.record, cause, { sha256: before, upTo: from.upTo });
  const now = findSource(to.record, cause, { sha256: after, upTo: to.upTo });
  if (old === undefined || now === undefined) return undefined;
  const texts = compareTexts(old, now);
  const bytes = [old.length, now.length] as const;
  return texts === undefined ? { bytes } : { lines: { added: texts.added, deleted: texts.deleted }, bytes };
}

/** With how much of a file changed, as `why` tells it. */
export function withStat(
  cause: Cause & Partial<Pick<ExplainedCause, 'via'>>,
  between: Parameters<typeof statFile>[1],
): ExplainedCause {
  const stat = statFile(cause, between);
  return { ...cause, via: cause.via ?? [], ...(stat !== undefined && { stat }) };
}

function sha256In(value: string | undefined): string | undefined {
  return /^sha256:([0-9a-f]{64})\b/.exec(value ?? '')?.[1];
}
