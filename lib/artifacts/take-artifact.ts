import type { AcEntry } from './ac-entry.ts';
import { Damage } from './damage.ts';
import { checkArtifact } from './read-artifact.ts';
import type { ArtifactStore } from './store.ts';

export type Taken =
  | { readonly kind: 'taken' }
  /** The store has an artifact for this signature: this one, or the one that came first. */
  | { readonly kind: 'existing'; readonly entry: AcEntry }
  | { readonly kind: 'damaged'; readonly why: string };

/** Takes an artifact into the store from the file of its archive, after reading it whole. */
export function takeArtifact(options: {
  readonly store: ArtifactStore;
  readonly entry: AcEntry;
  readonly file: string;
}): Taken {
  const { store, entry, file } = options;
  const standing = store.lookup(entry.signature);
  if (standing.kind === 'found' && checkArtifact({ store, entry: standing.entry }).kind === 'whole')
    return { kind: 'existing', entry: standing.entry };
  try {
    store.archives.take(entry.archive, file);
  } catch (error) {
    if (!(error instanceof Damage)) throw error;
    return { kind: 'damaged', why: error.message };
  }
  const check = checkArtifact(options);
  if (check.kind === 'damaged') return check;
  store.publish(entry);
  return { kind: 'taken' };
}
