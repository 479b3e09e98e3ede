import type { Datastore } from './datastore.ts';

/**
 * Puts the value of a variable in place of every reference to it, for good: so LAYERDIR, which each layer's
 * configuration reads and the next layer sets anew.
 */
export function expandReference(data: Datastore, name: string): void {
  const reference = `\${${name}}`;
  const value = data.getRaw(name) ?? '';
  for (const referrer of data.names()) {
    const raw = data.getRaw(referrer);
    if (raw?.includes(reference) === true)
      data.set(
        referrer,
        raw.replaceAll(reference, () => value),
      );
  }
}
