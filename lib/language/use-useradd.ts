import type { Datastore } from './datastore.ts';
import { splitWords } from './python-values.ts';

/** Has do_install give files to the users that packages of the recipe bring; a native recipe has no packages. */
export function useUseradd(data: Datastore): void {
  const packages = new Set(splitWords(data.get('PACKAGES')));
  const bring = splitWords(data.get('USERADD_PACKAGES')).filter((name) => packages.has(name));
  if (bring.length > 0) data.setFlag('do_install', 'fakeroot', '1');
}
