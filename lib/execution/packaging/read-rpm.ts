import { createHash } from 'node:crypto';
import { decodeRpmHeader, type RpmValues } from '../../packages/rpm-header.ts';
import type { OfferedRpm } from '../../packages/rpm-index.ts';
import { RPM_SIGNATURE } from '../../packages/rpm-tags.ts';
import type { BlobContent } from '../../ports/objects.ts';

const LEAD = 96;

/** Reads of an .rpm that `writeRpm` wrote what an index says of it; undefined where it is none. */
export function readRpm(file: string, content: BlobContent): OfferedRpm | undefined {
  const hash = createHash('sha256');
  let head = Buffer.alloc(0);
  let found: Headers | undefined;
  for (const piece of content.pieces()) {
    hash.update(piece);
    if (found !== undefined) continue;
    head = Buffer.concat([head, piece]);
    found = headersOf(head);
  }
  return found && { ...found, file, size: content.size, sha256: hash.digest('hex') };
}

export interface Headers extends Pick<OfferedRpm, 'values' | 'start' | 'end' | 'payloadSize'> {
  /** What the table before it says of the file. */
  readonly signature: RpmValues;
}

/** Reads both tables; undefined: they are not there as a whole. */
export function headersOf(bytes: Buffer): Headers | undefined {
  const signature = decodeRpmHeader(bytes, LEAD);
  if (signature === undefined) return undefined;
  const start = Math.ceil(signature.end / 8) * 8;
  const header = decodeRpmHeader(bytes, start);
  const size = signature.values.get(RPM_SIGNATURE.payloadSize)?.values[0];
  return header && { ...header, start, payloadSize: Number(size ?? 0), signature: signature.values };
}
