import { joinImport } from '../../terms/revision.ts';
import type { TheRecord } from './open-record.ts';

/** A REV as it is typed here: that of an import has the import's name in it. */
export function spokenIn({ imported }: Pick<TheRecord, 'imported'>, rev: string): string {
  return imported === undefined ? rev : joinImport({ name: imported, rev });
}
