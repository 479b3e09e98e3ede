/** What recipes say of names that several of them have something for: `ALTERNATIVE:busybox = "sh"` and its like. */
import { posix } from 'node:path';
import type { Datastore } from './datastore.ts';
import { splitWords } from './python-values.ts';

/** One name of a package, as the variables have it. */
export interface StatedAlternative {
  readonly package: string;
  readonly name: string;
  /** Where others look for it: `/bin/sh`. */
  readonly link: string;
  /** What the package has for it; the link itself where the recipe names nothing else. */
  readonly target: string;
  /** A number: the highest one is taken. */
  readonly priority: string;
}

/** Lists the alternatives of all packages, in the order of PACKAGES and of each one's words. */
export function statedAlternatives(data: Datastore): readonly StatedAlternative[] {
  return stated(data).map(({ package: one, name }) => {
    const said = (variable: string): string | undefined =>
      places(variable, one, name)
        .map((place) => textAt(data, place).trim())
        .find((text) => text !== '');
    const link = said('ALTERNATIVE_LINK_NAME') ?? posix.join(data.get('bindir') ?? '', name);
    const target = said('ALTERNATIVE_TARGET') ?? link;
    return {
      package: one,
      name,
      link,
      // Beside the link, where it is no path.
      target: posix.isAbsolute(target) ? target : posix.join(posix.dirname(link), target),
      priority: said('ALTERNATIVE_PRIORITY') ?? '',
    };
  });
}

/** Names the variables and flags that say something of them: `ALTERNATIVE:busybox ALTERNATIVE_PRIORITY[sh]`. */
export function alternativeInputs(data: Datastore): string {
  const packages = splitWords(data.get('PACKAGES')).map((one) => ({ variable: `ALTERNATIVE:${one}` }));
  const more = stated(data).flatMap(({ package: one, name }) =>
    VARIABLES.flatMap((variable) => places(variable, one, name)),
  );
  const names = [...packages, ...more]
    .filter((place) => textAt(data, place) !== '')
    .map(({ variable, flag }: Place) => (flag === undefined ? variable : `${variable}[${flag}]`));
  return [...new Set(names)].join(' ');
}

const VARIABLES = ['ALTERNATIVE_LINK_NAME', 'ALTERNATIVE_TARGET', 'ALTERNATIVE_PRIORITY'] as const;

function stated(data: Datastore): readonly { readonly package: string; readonly name: string }[] {
  return splitWords(data.get('PACKAGES')).flatMap((one) =>
    [...new Set(splitWords(data.get(`ALTERNATIVE:${one}`)))].map((name) => ({ package: one, name })),
  );
}

interface Place {
  readonly variable: string;
  readonly flag?: string;
}

/** Where it may be said, the first place that speaks counts; a link has one name for all packages. */
function places(variable: string, one: string, name: string): readonly Place[] {
  if (variable === 'ALTERNATIVE_LINK_NAME') return [{ variable, flag: name }];
  const own = `${variable}_${one}`;
  return [{ variable: own, flag: name }, { variable, flag: name }, { variable: own }, { variable }];
}

function textAt(data: Datastore, { variable, flag }: Place): string {
  return (flag === undefined ? data.get(variable) : data.flag(variable, flag)) ?? '';
}
