import { VarveError } from '../terms/varve-error.ts';
import { shownPath } from '../trees/raw-text.ts';
import type { Staged } from './compose-sysroot.ts';
import { firstOf } from '../terms/first-of.ts';

/** Two recipes that want different things at one path. */
export interface Clash {
  readonly path: string;
  readonly standing: Staged;
  readonly other: Staged;
}

/** What cannot be made because of it. */
export type Target =
  | { readonly kind: 'sysroot'; readonly recipe: string }
  /** A directory where the results of all recipes are, under the name that it has for people, and the recipes that are built just now. */
  | { readonly kind: 'shared'; readonly name: string; readonly wanted: ReadonlySet<string> };

/** How many further paths a message names. */
const NAMED = 5;

/** Makes the error for artifacts that do not go together; the first path stands for the rest. */
export function clashError(clashes: readonly Clash[], target: Target | undefined): VarveError {
  const [first, ...rest] = clashes;
  if (first === undefined) throw new Error('no clash');
  const path = shownPath(first.path);
  const [one = '', other = ''] = [first.standing.recipes[0], first.other.recipes[0]];
  const both = one === other ? `two tasks of ${one}` : `${one} and ${other} both`;
  return new VarveError('metadata', `${beginning(target)}${both} hold ${path}, ${difference(first)}`, {
    hints: [...comparison(first, path, target), ...waysOut(target, { path, one, other }), ...further(rest)],
  });
}

function beginning(target: Target | undefined): string {
  switch (target?.kind) {
    case undefined:
      return '';
    case 'sysroot':
      return `the sysroot of ${target.recipe} cannot be made: `;
    case 'shared':
      return `${target.name} stays as it was: `;
    default:
      return target satisfies never;
  }
}

function waysOut(
  target: Target | undefined,
  { path, one, other }: { readonly path: string; readonly one: string; readonly other: string },
): readonly string[] {
  if (target?.kind === 'shared') {
    const [wanted, unwanted] =
      target.wanted.has(one) && !target.wanted.has(other) ? [one, other] : [other, one];
    return [
      'Give it another name in one of them, or leave it out there.',
      `varve clean ${unwanted}   takes out what ${unwanted} has there, if only ${wanted} is wanted`,
    ];
  }
  return [
    `Leave ${path} out of one of them ("rm" in its do_install:append), or take ${one} or ${other} out of DEPENDS.`,
  ];
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

function comparison({ standing, other }: Clash, path: string, target: Target | undefined): readonly string[] {
  if (target?.kind === 'shared') return [];
  if (standing.kind !== 'file' || other.kind !== 'file' || standing.oid === other.oid) return [];
  return [`Run "varve diff ${standing.recipes[0]} ${other.recipes[0]} -- ${path}" to see how they differ.`];
}

function further(rest: readonly Clash[]): readonly string[] {
  if (rest.length === 0) return [];
  const paths = rest.map(({ path }) => shownPath(path));
  return [`The same goes for ${firstOf(paths, NAMED)}.`];
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}
