import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { readTar, type Read } from '../../artifacts/read-tar.ts';
import { AR_MAGIC } from '../../packages/ar-header.ts';
import type { Offered } from '../../packages/apt-index.ts';
import type { BlobContent } from '../../ports/objects.ts';

const HEADER = 60;

/** Reads of a .deb that {@link writeDeb} wrote what an index says of it; undefined where it is none. */
export function readDeb(file: string, content: BlobContent): Offered | undefined {
  const hash = createHash('sha256');
  let head = Buffer.alloc(0);
  let control: Buffer | undefined;
  for (const piece of content.pieces()) {
    hash.update(piece);
    if (control !== undefined) continue;
    head = Buffer.concat([head, piece]);
    control = controlIn(head);
  }
  const text = control === undefined ? undefined : controlText(gunzipSync(control));
  if (text === undefined) return undefined;
  return { control: text, file, size: content.size, sha256: hash.digest('hex') };
}

/** The second member, once all of it is there. */
function controlIn(head: Buffer): Buffer | undefined {
  if (head.toString('latin1', 0, AR_MAGIC.length) !== AR_MAGIC) return undefined;
  let at = AR_MAGIC.length;
  for (;;) {
    if (head.length < at + HEADER) return undefined;
    const [name, size] = [head.toString('latin1', at, at + 16).trim(), sizeAt(head, at)];
    at += HEADER;
    if (name === 'control.tar.gz') return head.length < at + size ? undefined : head.subarray(at, at + size);
    at += size + (size % 2);
  }
}

const sizeAt = (head: Buffer, at: number): number => Number(head.toString('latin1', at + 48, at + 58));

function controlText(tar: Buffer): string | undefined {
  let at = 0;
  const read: Read = (buffer) => {
    const count = tar.copy(buffer, 0, at);
    at += count;
    return count;
  };
  let found: string | undefined;
  readTar(read, ({ path, size }, content) => {
    if (path !== './control') return;
    const bytes = Buffer.alloc(size);
    content(bytes);
    found = bytes.toString('utf8');
  });
  return found;
}
