import { VarveError } from '../terms/varve-error.ts';
import { shownPath } from '../trees/raw-text.ts';
import type { Staged } from './compose-sysroot.ts';

/** Two recipes that want different things at one path. */
export interface Clash {
  readonly path: string;
  readonly standing: Staged;
  readonly other: Staged;
}

/** How many further paths a message names. */
const NAMED = 5;

/** Makes the error for artifacts that do not go together; the first path stands for the rest. */
export function clashError(clashes: readonly Clash[], recipe: string | undefined): VarveError {
  const [first, ...rest] = clashes;
  if (first === undefined) throw new Error('no clash');
  const path = shownPath(first.path);
  const [one = '', other = ''] = [first.standing.recipes[0], first.other.recipes[0]];
  const where = recipe === undefined ? '' : `the sysroot of ${recipe} cannot be made: `;
  return new VarveError('metadata', `${where}${one} and ${other} both hold ${path}, ${difference(first)}`, {
    hints: [
      ...comparison(first, path),
      `Leave ${path} out of one of them ("rm" in its do_install:append), or take ${one} or ${other} out of DEPENDS.`,
      ...further(rest),
    ],
  });
}

const KINDS = { file: 'a file', dir: 'a directory', symlink: 'a symbolic link' } as const;

function difference({ standing, other }: Clash): string {
  const [one, two] = [standing.recipes[0], other.recipes[0]];
  if (standing.kind !== other.kind) {
    return `${KINDS[standing.kind]} in ${one} and ${KINDS[other.kind]} in ${two}`;
  }
  if (standing.kind === 'symlink') return 'with different targets';
  if (standing.oid !== other.oid) return 'with different content';
  return `with mode ${octal(standing.mode)} in ${one} and ${octal(other.mode)} in ${two}`;
}

function comparison({ standing, other }: Clash, path: string): readonly string[] {
  if (standing.kind !== 'file' || other.kind !== 'file' || standing.oid === other.oid) return [];
  return [`Run "varve diff ${standing.recipes[0]} ${other.recipes[0]} -- ${path}" to see how they differ.`];
}

function further(rest: readonly Clash[]): readonly string[] {
  if (rest.length === 0) return [];
  const named = rest.slice(0, NAMED).map(({ path }) => shownPath(path));
  const more = rest.length > NAMED ? `, and ${rest.length - NAMED} more` : '';
  return [`The same goes for ${named.join(', ')}${more}.`];
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}
