import { join } from 'node:path';
import { byCodeUnit, type Signature } from '../terms/ids.ts';
import { type AcEntry, parseAcEntry } from './ac-entry.ts';
import { entriesPath } from './store-paths.ts';
import type { StorePlace } from './write-aside.ts';

/** A file of `ac`. */
export interface EntryFile {
  readonly signature: Signature;
  /** Undefined where it cannot be read. */
  readonly entry: AcEntry | undefined;
  /** When it was written, milliseconds since the epoch. */
  readonly written: number;
}

/** A file of `cas`. */
export interface ArchiveFile {
  readonly sha256: string;
  readonly size: number;
  /** When it was made, or somebody last had a use for it. */
  readonly used: number;
}

/** Everything in a store, by what is on the disk. */
export interface StoreSurvey {
  /** By signature. */
  readonly entries: readonly EntryFile[];
  /** By SHA-256. */
  readonly archives: readonly ArchiveFile[];
}

/** Looks at all files of a store; reads the entries, not the archives. */
export function surveyStore(place: StorePlace): StoreSurvey {
  return {
    entries: files(place, entriesPath).map(({ name, path, mtimeMs }) => ({
      signature: name as Signature,
      entry: readEntry(place, { name, path }),
      written: mtimeMs,
    })),
    archives: files(place, 'cas').map(({ name, size, mtimeMs }) => ({ sha256: name, size, used: mtimeMs })),
  };
}

interface File {
  readonly name: string;
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
}

function files({ fs, dir }: StorePlace, kind: 'ac' | 'cas'): readonly File[] {
  const top = join(dir, kind);
  if (!fs.existsSync(top)) return [];
  return fs
    .readdirSync(top, { withFileTypes: true })
    .filter((prefix) => prefix.isDirectory())
    .flatMap((prefix) =>
      fs.readdirSync(join(top, prefix.name)).map((name) => join(top, prefix.name, String(name))),
    )
    .flatMap((path): readonly File[] => {
      const name = path.slice(path.lastIndexOf('/') + 1);
      const found = /^[0-9a-f]{64}$/.test(name) ? fs.statSync(path, { throwIfNoEntry: false }) : undefined;
      return found === undefined ? [] : [{ name, path, size: found.size, mtimeMs: found.mtimeMs }];
    })
    .sort((a, b) => byCodeUnit(a.name, b.name));
}

function readEntry({ fs }: StorePlace, { name, path }: Pick<File, 'name' | 'path'>): AcEntry | undefined {
  try {
    const entry = parseAcEntry(fs.readFileSync(path, 'utf8'), name);
    return typeof entry === 'string' ? undefined : entry;
  } catch {
    // Gone by now, or no file: nobody can read it.
    return undefined;
  }
}
