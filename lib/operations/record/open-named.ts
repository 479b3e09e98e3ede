/** Finds the record that REVs are of: one's own, or that of an import. */
import type { World } from '../../ports/world.ts';
import { closest } from '../../terms/closest.ts';
import { importedPlaces } from '../../terms/places.ts';
import { splitImport } from '../../terms/revision.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { findPlaces } from './find-places.ts';
import { isImport, listImports } from './imports.ts';
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
