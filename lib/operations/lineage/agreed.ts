/** What several possible sources of a file say of it together. */
import type { Doubt } from './doubt.ts';
import type { Origin, Standpoint } from './origin.ts';

/** The lines whose writers are looked for. */
export interface Sought {
  readonly file: { readonly at: Standpoint };
  readonly lines: readonly string[];
}

export type Unknown = Extract<Origin, { kind: 'unknown' }>;

/** What all alternatives say; where they do not, nobody can tell. */
export function agreed(made: Sought, alternatives: readonly (readonly Origin[])[]): readonly Origin[] {
  const lost = unknown(made, 'not-recorded');
  return made.lines.map((_, line) => {
    const origins = alternatives.map((each) => each[line] ?? lost);
    const [first = lost] = origins;
    if (!origins.every((other) => isSame(first, other))) {
      const open = unknown(made, origins.find(isUnknown)?.doubt ?? 'several-writers');
      return origins.every((other) => recipeOf(other) === recipeOf(first))
        ? { ...open, recipe: recipeOf(first) }
        : open;
    }
    if (first.kind === 'unknown' || origins.every((other) => pathOf(other) === first.path)) return first;
    const { path: _path, ...rest } = first;
    return rest;
  });
}

function isSame(a: Origin, b: Origin): boolean {
  if (a.kind === 'unknown') return b.kind === 'unknown' && a.recipe === b.recipe && a.latest === b.latest;
  return b.kind === 'known' && a.at.recipe === b.at.recipe && a.commit === b.commit;
}

export const recipeOf = (origin: Origin): string =>
  origin.kind === 'known' ? origin.at.recipe : origin.recipe;
const pathOf = (origin: Origin): string | undefined => (origin.kind === 'known' ? origin.path : undefined);
const isUnknown = (origin: Origin): origin is Unknown => origin.kind === 'unknown';

/** Tells that nobody can tell. */
export const unknown = ({ file }: Pick<Sought, 'file'>, doubt: Doubt): Unknown => ({
  kind: 'unknown',
  recipe: file.at.recipe,
  doubt,
});
