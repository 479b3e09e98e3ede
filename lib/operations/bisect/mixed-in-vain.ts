import type { Minimised } from '../../planning/minimise-mixture.ts';
import type { Cause } from '../../signatures/explain-changes.ts';
import { firstOf } from '../../terms/first-of.ts';
import { VarveError } from '../../terms/varve-error.ts';

/** The numbers of the builds that were to be mixed. */
interface Builds {
  readonly good: number;
  readonly bad: number;
}

interface InVain {
  /** What no mixture has as either build had it. */
  readonly unmixed: readonly Cause[];
  /** Where the difference does not lie; absent: nothing could be mixed. */
  readonly end?: Extract<Minimised, { kind: 'elsewhere' }>;
  /** Why the last mixture could not be built; absent: it was. */
  readonly unmade?: string;
}

/** Inputs named at most. */
const NAMED = 5;

/** Mixtures do not tell what makes the difference: says why, and how to go on. */
export function mixedInVain({ good, bad }: Builds, { unmixed, end, unmade }: InVain): VarveError {
  const names = firstOf(
    unmixed.map(({ kind, name }) => `${kind} ${name}`),
    NAMED,
  );
  const among = unmixed.length === 0 ? 'what signatures do not hold' : names;
  const side = end?.mixture.length === 0 ? good : bad;
  const hints = [
    `varve show @${side}   has the conf/ of that build: with it, and the layers as they were, all can be as it was there`,
    `varve why @${good} @${bad}   tells all that changed`,
  ];
  if (end === undefined)
    return new VarveError(
      'usage',
      `nothing that differs between build ${good} and build ${bad} can be mixed: as it is now is ${among}`,
      { hints },
    );
  const whole = `with all that can be mixed as in build ${side} it`;
  const why = unmade === undefined ? '' : `, since ${unmade}`;
  const said =
    end.answer === 'skip'
      ? `cannot be judged${why}: as it is now is ${among}`
      : `is ${end.answer}: what makes the difference is ${among}, as it is now`;
  return new VarveError('usage', `${whole} ${said}`, { hints });
}
