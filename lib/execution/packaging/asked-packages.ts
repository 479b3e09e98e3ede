import type { Datastore } from '../../language/datastore.ts';
import { splitWords } from '../../layers/split-words.ts';
import type { PackageFacts } from '../../packages/choose-packages.ts';
import { VarveError } from '../../terms/varve-error.ts';

/** The packages that an image asks for, each with the variable that has it. */
export function askedPackages(data: Datastore): ReadonlyMap<string, string> {
  const features = [...data.trace('FEATURE_INSTALL').references];
  // What is in both is what the image itself asks for.
  return new Map(
    [...features, 'IMAGE_INSTALL'].flatMap((variable) =>
      splitWords(data.get(variable)).map((name) => [name, variable] as const),
    ),
  );
}

/** Lists what goes with packages by IMAGE_INSTALL_COMPLEMENTARY: `*-dev` is that of a package, or of its recipe. */
export function complementaryPackages<P extends PackageFacts & { readonly recipe: string }>(
  data: Datastore,
  { chosen, offered }: { readonly chosen: readonly P[]; readonly offered: readonly P[] },
): readonly string[] {
  const globs = splitWords(data.get('IMAGE_INSTALL_COMPLEMENTARY'));
  const left = splitWords(data.get('PACKAGE_EXCLUDE_COMPLEMENTARY')).map((pattern) => patternOf(pattern));
  const taken = chosen.filter(({ name }) => !left.some((pattern) => pattern.test(name)));
  const names = new Set(
    globs.flatMap((glob) =>
      taken.flatMap(({ name, recipe }) => [name, recipe].map((one) => glob.replace('*', one))),
    ),
  );
  return offered.flatMap(({ name }) => (names.has(name) ? name : []));
}

function patternOf(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (cause) {
    throw new VarveError('metadata', `PACKAGE_EXCLUDE_COMPLEMENTARY has ${text}, which is no pattern`, {
      cause,
    });
  }
}
