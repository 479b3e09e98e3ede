/** Finds the record that REVs are of: one's own, or that of an import. */
import type { World } from '../../ports/world.ts';
import { closest } from '../../terms/closest.ts';
import { byCodeUnit } from '../../terms/ids.ts';
import { importDir, importedPlaces, importsDir, type Places } from '../../terms/places.ts';
import { splitImport } from '../../terms/revision.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { findPlaces } from './find-places.ts';
import { openRecord, recordAt, type TheRecord } from './open-record.ts';

/** A REV, and the record in which it is to be looked up. */
export interface NamedIn {
  readonly record: TheRecord;
  readonly rev: string;
}

/** Opens the record of a REV. */
export function openNamed(world: World, buildDir: string, rev: string): NamedIn {
  const [named = { record: openRecord(world, buildDir), rev }] = openEach(world, buildDir, [rev]);
  return named;
}

/** Opens the record of each REV; those of one record have it in common. */
export function openEach(world: World, buildDir: string, revs: readonly string[]): readonly NamedIn[] {
  const records = new Map<string, TheRecord>();
  const opened = (name: string): TheRecord => {
    const record =
      records.get(name) ?? (name === '' ? openRecord(world, buildDir) : openImport(world, buildDir, name));
    records.set(name, record);
    return record;
  };
  return revs.map((text) => {
    const split = splitImport(text);
    // `zlib@ok:compile@failed` may be a slip of the pen, and is told as one.
    const isMeant =
      split !== undefined &&
      (/^[^:]*@[^:]*@/.test(text) || isImport(world, findPlaces(world, buildDir), split.name));
    return isMeant ? { record: opened(split.name), rev: split.rev } : { record: opened(''), rev: text };
  });
}

/** Opens the one record that all REVs are of; none: one's own. */
export function openTogether(
  world: World,
  buildDir: string,
  revs: readonly string[],
): { readonly record: TheRecord; readonly revs: readonly string[] } {
  const named = openEach(world, buildDir, revs);
  const record = named[0]?.record ?? openRecord(world, buildDir);
  const other = named.findIndex((each) => each.record !== record);
  if (other === -1) return { record, revs: named.map(({ rev }) => rev) };
  throw new VarveError('usage', `${revs[0]} and ${revs[other]} are not of one record`, {
    hints: ['varve diff zlib@1 zlib@ann@1   compares trees, also with those of an import'],
  });
}

const isImport = ({ fs }: World, places: Places, name: string): boolean =>
  fs.existsSync(importDir(places, name));

function openImport(world: World, buildDir: string, name: string): TheRecord {
  const places = findPlaces(world, buildDir);
  if (isImport(world, places, name)) return recordAt(world, importedPlaces(places, name), { imported: name });
  const names = listImports(world, places);
  const near = closest(name, names);
  throw new VarveError('usage', `there is no import called '${name}'`, {
    hints: [
      ...(near === undefined ? [] : [`did you mean "${near}"?`]),
      names.length === 0
        ? `varve history import FILE --as ${name}   takes one in`
        : `there are: ${names.join(', ')}`,
    ],
  });
}

/** Names of what was taken in. */
export function listImports({ fs }: World, places: Places): readonly string[] {
  const dir = importsDir(places);
  const names = fs.existsSync(dir) ? fs.readdirSync(dir).map(String) : [];
  return names.filter((name) => !name.startsWith('.')).sort(byCodeUnit);
}
