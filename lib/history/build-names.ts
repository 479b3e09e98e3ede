import { closest } from '../terms/closest.ts';
import { VarveError } from '../terms/varve-error.ts';

/** What is asked about the recorded builds to find the one that is meant. */
export interface KnownBuilds {
  /** Oldest first. */
  numbers(): readonly number[];
  newestOk(): number | undefined;
  named(name: string): number | undefined;
  /** Every name that a build was given. */
  names(): readonly string[];
}

/** Refuses a name for a build that could be taken for something else, or that `holder` has. */
export function checkBuildName(name: string, holder: () => number | undefined): void {
  const plain = /^[A-Za-z][A-Za-z0-9._-]*$/.test(name) && !/\.\.|\.$|\.lock$/.test(name);
  const taken = name === 'ok' || name === 'HEAD' || name === 'main' || /^[0-9a-f]{4,40}$/.test(name);
  if (!plain || taken) {
    throw new VarveError('usage', `'${name}' cannot be the name of a build`, {
      hints: [
        'Take letters, digits, dots, dashes and underscores, a letter first, and nothing that looks like a commit id, such as --name nightly-3',
      ],
    });
  }
  const other = holder();
  if (other === undefined) return;
  throw new VarveError('usage', `build ${other} is called '${name}' already`, {
    hints: [`varve show @${name}   shows it`, `Take another name, such as --name ${name}-2`],
  });
}

/** Finds a build by what a person calls it: `12`, `@12`, `@-1`, `@ok`, `@NAME`. */
export function resolveBuild(spoken: string, known: KnownBuilds): number {
  const name = spoken.replace(/^@/, '');
  const found = find(name, known);
  if (found !== undefined) return found;
  const isGone = /^[0-9]+$/.test(name) && Number(name) > 0 && Number(name) <= (known.numbers().at(-1) ?? 0);
  throw new VarveError(
    'usage',
    isGone
      ? `build ${name} is no longer in the record: gc keeps the newest 20, those of 30 days, and those with a name`
      : `there is no build '${spoken}'`,
    { hints: hintsFor(name, known) },
  );
}

function hintsFor(name: string, known: KnownBuilds): readonly string[] {
  if (name === 'failed') return ['RECIPE:TASK@failed is the newest failure of a task'];
  const numbers = known.numbers();
  const last = numbers.at(-1);
  if (last === undefined) return ['varve build TARGET   No build is recorded yet'];
  const near = closest(name, known.names());
  return [
    ...(near === undefined ? [] : [`did you mean "@${near}"?`]),
    `varve builds   lists them: ${numbers[0] === last ? last : `${numbers[0]} to ${last}`}`,
  ];
}

function find(name: string, known: KnownBuilds): number | undefined {
  const numbers = known.numbers();
  if (/^[0-9]+$/.test(name)) return numbers.find((number) => number === Number(name));
  if (/^-[0-9]+$/.test(name)) return numbers.at(Number(name) - 1);
  if (name === 'ok') return known.newestOk();
  return /^[A-Za-z]/.test(name) ? known.named(name) : undefined;
}
