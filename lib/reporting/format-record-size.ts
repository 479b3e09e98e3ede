import type { RecordSize, SizedPlace } from '../operations/size-record.ts';
import { formatSize } from './format-quantity.ts';
import { formatTable } from './format-table.ts';

/** Lists the places, biggest first, and what makes them smaller. */
export function formatRecordSize({ places, total }: RecordSize): string {
  const rows = places.map((place) => [
    formatSize(place.size).padStart(10),
    spoken(place.kind),
    place.name,
    inObjects(place),
  ]);
  return `${formatTable(rows)}${formatSize(total)} in all: varve gc --dry-run and varve clean RECIPE make it less\n`;
}

function spoken(kind: SizedPlace['kind']): string {
  switch (kind) {
    case 'history':
    case 'builds':
      return 'history';
    case 'artifacts':
    case 'downloads':
    case 'imports':
      return '';
    case 'workdir':
      return 'WORKDIR';
    case 'derived':
      return 'derived';
    default:
      return kind satisfies never;
  }
}

function inObjects({ objects, packs }: SizedPlace): string {
  if (objects === undefined || packs === undefined) return '';
  return `objects ${formatSize(objects)}, packs ${formatSize(packs)}`;
}
