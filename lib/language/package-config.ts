/** PACKAGECONFIG: features of a recipe that are switched on by name. */
import { closest } from '../terms/closest.ts';
import { byCodeUnit } from '../terms/ids.ts';
import { VarveError, type Place } from '../terms/varve-error.ts';
import type { Datastore } from './datastore.ts';
import { splitWords } from './python-values.ts';

/** `PACKAGECONFIG[name] = "enable,disable,depends,rdepends,recommends,conflicts"`. */
interface Feature {
  readonly name: string;
  readonly on: boolean;
  readonly fields: readonly string[];
}

/** What the features that are on need to be built, or to run; references in it are not yet expanded. */
export function packageConfigDepends(data: Datastore, kind: 'depends' | 'rdepends'): string {
  const field = kind === 'depends' ? 2 : 3;
  return joined(features(data).map(({ on, fields }) => (on ? (fields[field] ?? '') : '')));
}

/** The options for configure: of each feature, in the order of names, the one that switches it on or off. */
export function packageConfigArguments(data: Datastore): string {
  return joined(features(data).map(({ on, fields }) => fields[on ? 0 : 1] ?? ''));
}

/** The features that would be on if configure were given these options; one that has none of its own stays as it is. */
export function featuresWith(data: Datastore, options: readonly string[]): readonly string[] {
  const isGiven = (field = ''): boolean => splitWords(field).every((option) => options.includes(option));
  return features(data)
    .filter(({ on, fields: [enable = '', disable = ''] }) => {
      if (enable === '' && disable === '') return on;
      return enable === '' ? !isGiven(disable) : isGiven(enable);
    })
    .map(({ name }) => name);
}

/** The feature that is on and needs this name, to be built or to run, and where that is said; undefined: none does. */
export function featureThatNeeds(
  data: Datastore,
  needed: string,
): { readonly name: string; readonly place?: Place } | undefined {
  const feature = features(data).find(({ on, fields }) => {
    const [, , depends = '', rdepends = ''] = fields;
    return on && splitWords(data.expand(`${depends} ${rdepends}`)).includes(needed);
  });
  if (feature === undefined) return undefined;
  const origin = data.origins('PACKAGECONFIG').findLast(({ flag }) => flag === feature.name);
  return { name: feature.name, ...(origin && { place: { file: origin.file, line: origin.line } }) };
}

/** Refuses features that exclude each other; warns of names that no flag declares. */
export function checkPackageConfig(data: Datastore): void {
  const all = features(data);
  warnOfUndeclared(
    data,
    all.map(({ name }) => name),
  );
  refuseConflicts(
    data,
    all.filter(({ on }) => on),
  );
}

function warnOfUndeclared(data: Datastore, declared: readonly string[]): void {
  const origins = data.origins('PACKAGECONFIG').filter(({ flag }) => flag === undefined);
  for (const name of new Set(splitWords(data.get('PACKAGECONFIG')))) {
    if (declared.includes(name)) continue;
    const near = closest(name, declared);
    const origin = origins.findLast(({ detail }) => splitWords(detail).includes(name)) ?? origins.at(-1);
    const meant = near === undefined ? '' : `; did you mean "${near}"?`;
    data.environment.warn(
      `PACKAGECONFIG has "${name}", which no PACKAGECONFIG[${name}] declares${meant}`,
      origin && { file: origin.file, line: origin.line },
    );
  }
}

function refuseConflicts(data: Datastore, on: readonly Feature[]): void {
  for (const { name, fields } of on) {
    const clashing = splitWords(fields[5] ?? '').find((other) => on.some((one) => one.name === other));
    if (clashing === undefined) continue;
    const origin = data.origins('PACKAGECONFIG').findLast(({ flag }) => flag === name);
    throw new VarveError('metadata', `PACKAGECONFIG has ${name} and ${clashing}, which exclude each other`, {
      ...(origin === undefined ? {} : { place: { file: origin.file, line: origin.line } }),
      hints: [`PACKAGECONFIG is "${(data.get('PACKAGECONFIG') ?? '').trim()}"`],
    });
  }
}

function features(data: Datastore): readonly Feature[] {
  const on = new Set(splitWords(data.get('PACKAGECONFIG')));
  // A feature may have the name of a flag that the engine keeps for functions: python, doc.
  return [...data.allFlagNames('PACKAGECONFIG')]
    .filter((name) => name !== 'defaultval' && !name.startsWith('vardep') && name !== 'export')
    .sort(byCodeUnit)
    .map((name) => ({
      name,
      on: on.has(name),
      fields: (data.rawFlag('PACKAGECONFIG', name) ?? '').split(',').map((field) => field.trim()),
    }));
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}
