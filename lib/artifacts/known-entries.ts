import { join } from 'node:path';
import type { Signature } from '../terms/ids.ts';
import { formatAcEntry, parseAcEntry, type AcEntry } from './ac-entry.ts';
import { entryPath } from './store-paths.ts';
import { errorCode, type StorePlace } from './write-aside.ts';

/**
 * Entries of mirrors whose archives nobody needed yet, kept in a place of the build directory's own: the store holds, and
 * may show to others, only what it can give.
 */
export interface KnownEntries {
  read(signature: Signature): AcEntry | undefined;
  /** Under which other key it stands is the mirror's own. */
  keep(entry: AcEntry): void;
  forget(signature: Signature): void;
  /** When each mirror was last asked what was revoked, by its URL; milliseconds since the epoch. */
  heard(): ReadonlyMap<string, number>;
  keepHeard(heard: ReadonlyMap<string, number>): void;
}

/** Opens them; what is not whole is not there. */
export function openKnownEntries({ fs, dir }: StorePlace): KnownEntries {
  const read = new Map<Signature, AcEntry>();
  const path = (signature: Signature): string => join(dir, entryPath(signature));
  const heardPath = join(dir, 'revocations-heard');
  const orNot = <T>(work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      return undefined;
    }
  };
  return {
    read(signature) {
      const known = read.get(signature);
      if (known !== undefined) return known;
      const text = orNot(() => fs.readFileSync(path(signature), 'utf8'));
      const entry = text === undefined ? undefined : parseAcEntry(text, signature);
      return typeof entry === 'string' ? undefined : entry;
    },
    keep(answer) {
      const { deep: _, ...entry } = answer;
      read.set(entry.signature, entry);
      orNot(() => {
        fs.mkdirSync(join(path(entry.signature), '..'), { recursive: true });
        fs.writeFileSync(path(entry.signature), formatAcEntry(entry));
      });
    },
    forget(signature) {
      read.delete(signature);
      orNot(() => fs.rmSync(path(signature), { force: true }));
    },
    heard() {
      const text = orNot(() => fs.readFileSync(heardPath, 'utf8')) ?? '';
      const lines = [...text.matchAll(/^(\d+) (.+)$/gm)];
      return new Map(lines.map(([, at, url = '']) => [url, Number(at)]));
    },
    keepHeard: (heard) =>
      orNot(() => {
        const lines = [...heard].map(([url, at]) => `${at} ${url}\n`);
        fs.mkdirSync(dir, { recursive: true });
        fs.writeFileSync(heardPath, lines.join(''));
      }),
  };
}
