const HOUR = 3_600_000;
const units: Readonly<Record<string, number>> = {
  h: HOUR,
  d: 24 * HOUR,
  w: 7 * 24 * HOUR,
  y: 365 * 24 * HOUR,
};

/**
 * Reads a point in time: how long ago it was (`12h`, `30d`, `2w`, `1y`), or a date, to the day or to the second
 * (`2026-01-31`, `2026-01-31T14:05:00Z`; without a zone it is UTC). Milliseconds since the epoch; undefined where it
 * is neither.
 */
export function parseMoment(text: string, now: number): number | undefined {
  const [, count, unit = ''] = /^(\d+)\s*([hdwy])$/.exec(text) ?? [];
  if (count !== undefined) return now - Number(count) * (units[unit] ?? 0);
  if (!/^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/.test(text))
    return undefined;
  const isZoned = /(?:Z|[+-]\d{2}:?\d{2})$/.test(text) && text.length > 10;
  const moment = Date.parse(isZoned || text.length === 10 ? text : `${text}Z`);
  return Number.isNaN(moment) ? undefined : moment;
}
