import type { Datastore } from '../../language/datastore.ts';
import { isImage } from '../../layers/is-image.ts';
import type { Metadata } from '../../layers/load-metadata.ts';
import { splitWords } from '../../layers/split-words.ts';
import { debName } from '../../packages/deb-names.ts';
import { closest } from '../../terms/closest.ts';
import { type Place, VarveError } from '../../terms/varve-error.ts';
import { askedPackages } from '../packaging/asked-packages.ts';
import type { NotProvided } from './find-providers.ts';

/**
 * Refuses images of packages that ask for what no recipe can make: do_install would find that out once everything else is built.
 * A name that a recipe which cannot be read may have, or one that packages get as they are written, is left to do_install.
 */
export function refuseUnknownPackages(metadata: Metadata, missing: readonly NotProvided[]): void {
  const asked = missing.flatMap((one) => {
    const image = metadata.recipe(one.recipe);
    const variable = isImage(image) ? askedPackages(image.data).get(one.name) : undefined;
    return variable === undefined ? [] : [{ ...one, variable }];
  });
  if (asked.length === 0) return;
  const { recipes, unreadable } = metadata.survey();
  if (unreadable.length > 0) return;
  const offered = recipes
    .filter(({ skipped }) => skipped === undefined)
    .map((recipe) => recipe.remember('package-names', namesOf));
  const given = new Set(offered.flatMap(({ given: names }) => names).map(debName));
  const patterns = offered.flatMap(({ patterns: some }) => some).map(patternOf);
  const unknown = asked.filter(
    ({ name }) => !given.has(debName(name)) && patterns.every((pattern) => pattern?.test(name) === false),
  );
  const [first] = unknown;
  if (first === undefined) return;
  const near = closest(
    first.name,
    offered.flatMap(({ names }) => names),
  );
  const spoken = unknown.map(
    ({ recipe, name, variable, why }) => `${variable} of ${recipe} has ${name}, which ${why}`,
  );
  throw new VarveError('metadata', spoken.join('; '), {
    place: placeOf(first.at),
    hints: [
      ...(near === undefined || near === first.name ? [] : [`did you mean "${near}"?`]),
      `ASSUME_PROVIDED += "${unknown.map(({ name }) => name).join(' ')}"   in conf/local.conf says that the target has ${unknown.length > 1 ? 'them' : 'it'} from elsewhere`,
    ],
  });
}

interface PackageNames {
  readonly names: readonly string[];
  /** Those, and what PKG calls them. */
  readonly given: readonly string[];
  /** PACKAGES_DYNAMIC. */
  readonly patterns: readonly string[];
}

function namesOf(data: Datastore): PackageNames {
  const names = splitWords(data.get('PACKAGES'));
  return {
    names,
    given: [...names, ...names.flatMap((name) => splitWords(data.get(`PKG:${name}`)))],
    patterns: splitWords(data.get('PACKAGES_DYNAMIC')),
  };
}

/** Undefined: no pattern, so it may mean anything. */
function patternOf(text: string): RegExp | undefined {
  try {
    return new RegExp(text);
  } catch {
    return undefined;
  }
}

/** Of `file:line`, or of a file. */
function placeOf(at: string): Place {
  const [, file = at, line] = /^(.*):(\d+)$/.exec(at) ?? [];
  return { file, ...(line === undefined ? {} : { line: Number(line) }) };
}
