/** PACKAGECONFIG: features of a recipe that are switched on by name. */
import { byCodeUnit } from '../terms/ids.ts';
import type { Datastore } from './datastore.ts';
import { splitWords } from './python-values.ts';

/** `PACKAGECONFIG[name] = "enable,disable,depends,rdepends,recommends,conflicts"`. */
interface Feature {
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

function features(data: Datastore): readonly Feature[] {
  const on = new Set(splitWords(data.get('PACKAGECONFIG')));
  // A feature may have the name of a flag that the engine keeps for functions: python, doc.
  return [...data.allFlagNames('PACKAGECONFIG')]
    .filter((name) => name !== 'defaultval' && !name.startsWith('vardep') && name !== 'export')
    .sort(byCodeUnit)
    .map((name) => ({
      on: on.has(name),
      fields: (data.rawFlag('PACKAGECONFIG', name) ?? '').split(',').map((field) => field.trim()),
    }));
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}
