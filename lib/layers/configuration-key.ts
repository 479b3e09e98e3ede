import { createHash } from 'node:crypto';
import type { Datastore } from '../language/datastore.ts';
import { splitWords } from './split-words.ts';

/**
 * Names all that recipes are read on top of: which varve reads them, the machine, and the configuration, but for what
 * BB_HASHCONFIG_IGNORE_VARS says that no recipe hangs on (the time of day).
 */
export function configurationKey(program: string, config: Datastore): string {
  const ignored = new Set(splitWords(config.get('BB_HASHCONFIG_IGNORE_VARS')));
  const { host, eager } = config.environment;
  const parts = [program, host, eager, config.fingerprint(ignored)];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
