import type { Signature } from '../terms/ids.ts';
import { parseAcEntry, type AcEntry } from './ac-entry.ts';
import { entryPath } from './store-paths.ts';
import { Trouble, type Transport } from './transport.ts';

/** What a mirror has under a signature. */
export type Answer =
  | { readonly kind: 'found'; readonly entry: AcEntry }
  | { readonly kind: 'missing' }
  | { readonly kind: 'damaged'; readonly why: string }
  /** It does not count; `why` after "it". */
  | { readonly kind: 'refused'; readonly why: string; readonly entry: AcEntry };

/** No entry comes near it; a page that says something else may. */
const LONGEST = 1 << 16;

/** Reads an entry from a mirror by its signature, and verifies it. */
export function readEntry(transport: Transport, signature: Signature): Promise<Answer> {
  return readEntryAt(transport, entryPath(signature), (entry) => entry.signature === signature);
}

/** Reads an entry that stands at another place, and must be the one that is meant. */
export async function readEntryAt(
  transport: Transport,
  path: string,
  isMeant: (entry: AcEntry) => boolean,
): Promise<Answer> {
  const parts: Buffer[] = [];
  let length = 0;
  const isThere = await transport.get(path, (bytes) => {
    length += bytes.length;
    if (length <= LONGEST) parts.push(Buffer.from(bytes));
  });
  if (!isThere) return { kind: 'missing' };
  if (length > LONGEST) return { kind: 'damaged', why: `it has ${length} bytes` };
  const text = Buffer.concat(parts).toString('utf8');
  // Who asks for a password, or has moved, says so in the place of everything.
  if (/^\s*</.test(text))
    throw new Trouble('it answers with a page for people: is it another address, or one to log in at?', {
      final: true,
    });
  const entry = parseAcEntry(text);
  if (typeof entry === 'string') return { kind: 'damaged', why: entry };
  return isMeant(entry)
    ? { kind: 'found', entry }
    : { kind: 'damaged', why: `it is of signature ${entry.signature}` };
}
