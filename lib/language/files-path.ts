import { join } from 'node:path';
import type { Datastore } from './datastore.ts';

/**
 * Lists where `file://` sources are looked for: in FILESEXTRAPATHS, then in BP, BPN and files beside the recipe; all of
 * them under the last of FILESOVERRIDES first, and under none at the end, as OpenEmbedded does.
 */
export function filesPath(data: Datastore): string {
  const extra = (data.get('FILESEXTRAPATHS') ?? '').replaceAll('__default:', '').split(':');
  const beside = data.get('FILE_DIRNAME') ?? '';
  const own = ['BP', 'BPN'].map((name) => join(beside, data.get(name) ?? name));
  const paths = [...extra.filter((path) => path !== ''), ...own, join(beside, 'files')];
  const overrides = ['', ...(data.get('FILESOVERRIDES') ?? '').split(':')].toReversed();
  const all = overrides.flatMap((override) => paths.map((path) => join(path, override).replace(/\/$/, '')));
  return [...new Set(all)].join(':');
}
