import type { Datastore } from './datastore.ts';
import { splitWords } from './python-values.ts';

/** BBCLASSEXTEND makes two recipes of one text: what the native one needs and provides is native too. */
export function useNativeNames(data: Datastore): void {
  if (splitWords(data.get('BBCLASSEXTEND')).length === 0) return;
  const own = data.get('PN');
  for (const variable of ['DEPENDS', 'PROVIDES']) {
    const names = splitWords(data.get(variable)).map((name) => (name === own ? name : nativeName(name)));
    data.set(variable, names.join(' '));
  }
}

function nativeName(name: string): string {
  return /-(?:native|cross)$/.test(name) ? name : `${name}-native`;
}
