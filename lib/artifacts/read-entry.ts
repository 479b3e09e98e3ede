import { parseAcEntry, type AcEntry } from './ac-entry.ts';
import { entryPath } from './store-paths.ts';
import type { Transport } from './transport.ts';

/** What a mirror has under a signature. */
export type Answer =
  | { readonly kind: 'found'; readonly entry: AcEntry }
  | { readonly kind: 'missing' }
  | { readonly kind: 'damaged'; readonly why: string };

/** No entry comes near it; a page that says something else may. */
const LONGEST = 1 << 16;

/** Reads an entry from a mirror, and verifies it. */
export async function readEntry(transport: Transport, signature: string): Promise<Answer> {
  const parts: Buffer[] = [];
  let length = 0;
  const isThere = await transport.get(entryPath(signature), (bytes) => {
    length += bytes.length;
    if (length <= LONGEST) parts.push(Buffer.from(bytes));
  });
  if (!isThere) return { kind: 'missing' };
  if (length > LONGEST) return { kind: 'damaged', why: `it has ${length} bytes` };
  const entry = parseAcEntry(Buffer.concat(parts).toString('utf8'), signature);
  return typeof entry === 'string' ? { kind: 'damaged', why: entry } : { kind: 'found', entry };
}
