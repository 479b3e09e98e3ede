/** Compares versions as BitBake does: `[epoch:]version[-revision]`, numbers by value, `~` before everything. */
export function compareVersions(a: string, b: string): number {
  const left = takeApart(a);
  const right = takeApart(b);
  return (
    left.epoch - right.epoch ||
    compareParts(left.version, right.version) ||
    compareParts(left.revision, right.revision)
  );
}

/** Tells whether `version` stands to `other` as the operator (`>=`, `=`, `<<` …) says; undefined: there is none such. */
export function satisfiesVersion(version: string, operator: string, other: string): boolean | undefined {
  const order = compareVersions(version, other);
  switch (operator) {
    case '=':
    case '==':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
    case '<<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
    case '>>':
      return order > 0;
    case '>=':
      return order >= 0;
    default:
      return undefined;
  }
}

interface Version {
  readonly epoch: number;
  readonly version: string;
  readonly revision: string;
}

function takeApart(text: string): Version {
  const whole = text.replace(/^[ <>=]+|[ <>=]+$/g, '');
  const parts = whole.split(':');
  const [epoch, rest] = parts.length > 1 ? [Number(parts[0]) || 0, parts[1] ?? ''] : [0, whole];
  const dash = rest.lastIndexOf('-');
  return dash < 0
    ? { epoch, version: rest, revision: '' }
    : { epoch, version: rest.slice(0, dash), revision: rest.slice(dash + 1) };
}

/** `~` comes before the end of the text, which comes before digits. */
interface Piece {
  readonly rank: number;
  readonly value: number | string | undefined;
}

const end: Piece = { rank: 0, value: undefined };

function piecesOf(text: string): Piece[] {
  return (text.match(/\d+|[a-zA-Z]+|[\s\S]/g) ?? []).map((piece) => {
    if (/^\d/.test(piece)) return { rank: 0, value: Number(piece) };
    if (/^[a-zA-Z]/.test(piece)) return { rank: 1, value: piece };
    return piece === '~' ? { rank: -1, value: piece } : { rank: 2, value: piece };
  });
}

function compareParts(a: string, b: string): number {
  const left = piecesOf(a);
  const right = piecesOf(b);
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const one = left[index] ?? end;
    const other = right[index] ?? end;
    if (one.rank !== other.rank) return one.rank < other.rank ? -1 : 1;
    if (one.value === other.value) continue;
    if (one.value === undefined) return -1;
    if (other.value === undefined) return 1;
    return one.value < other.value ? -1 : 1;
  }
  return 0;
}
