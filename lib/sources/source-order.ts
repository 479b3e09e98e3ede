import { join } from 'node:path/posix';
import { byCodeUnit } from '../terms/ids.ts';
import { archiveKind } from './archive-kind.ts';
import { unpackedName } from './list-patches.ts';
import { isYes, type SourceUri } from './parse-src-uri.ts';

export interface OrderedSource {
  readonly uri: SourceUri;
  /** As inputs name it. */
  readonly name: string;
  readonly isDirectory: boolean;
}

/**
 * The order in which sources are unpacked, by name, as far as what comes of it may depend on that: of two that have a file
 * of the same name the later one's stays. It is none of what follows the last source of many files, nor of single files
 * among themselves.
 */
export function sourceOrder(sources: readonly OrderedSource[]): readonly string[] {
  const places = new Map<string, number>();
  for (const { uri } of sources) places.set(placeOf(uri), (places.get(placeOf(uri)) ?? 0) + 1);
  const mayMeet = (source: OrderedSource): boolean =>
    holdsTree(source) || (places.get(placeOf(source.uri)) ?? 0) > 1;
  const last = sources.findLastIndex(mayMeet);
  const order: string[] = [];
  let singles: string[] = [];
  for (const source of sources.slice(0, last + 1)) {
    if (!mayMeet(source)) singles.push(source.name);
    else {
      order.push(...singles.toSorted(byCodeUnit), source.name);
      singles = [];
    }
  }
  return order.length > 1 ? order : [];
}

function holdsTree({ uri, isDirectory }: OrderedSource): boolean {
  if (uri.kind === 'git' || isDirectory) return true;
  return isYes(uri, 'unpack', true) && ['tar', 'zip'].includes(archiveKind(unpackedName(uri)).kind);
}

/** Where a single file lands. */
function placeOf(uri: SourceUri): string {
  if (uri.kind === 'git') return uri.text;
  const name = unpackedName(uri);
  const isOpened = isYes(uri, 'unpack', true) && archiveKind(name).kind === 'single';
  return join('/', uri.params.get('subdir') ?? '', isOpened ? name.replace(/\.[^.]+$/, '') : name);
}
