/** What was revoked, a line each: in a store, and on a mirror. Lines are added, and none is ever taken away. */
import { join } from 'node:path';
import { formatRevocation, parseRevocation, type Revocation } from '../trust/revocation.ts';
import { persist } from './persist.ts';
import { revocationsPath } from './store-paths.ts';
import type { Transport } from './transport.ts';
import { errorCode, type StorePlace, withAside } from './write-aside.ts';

export interface KeptRevocations {
  readonly revocations: readonly Revocation[];
  /** Lines that cannot be read, counted from 1. */
  readonly unreadable: readonly number[];
}

/** Reads those of a store. */
export function readRevocations(place: StorePlace): KeptRevocations {
  const lines = linesOf(textIn(place)).map((line) => parseRevocation(line));
  return {
    revocations: lines.filter((each) => each !== undefined),
    unreadable: lines.flatMap((each, index) => (each === undefined ? [index + 1] : [])),
  };
}

/** Keeps these in a store too. */
export function keepRevocations(place: StorePlace, revocations: readonly Revocation[]): void {
  const text = textIn(place);
  const added = missingFrom(text, revocations);
  if (added === '') return;
  withAside(place, (file) => {
    file.write(Buffer.from(text + added));
    file.replace(join(place.dir, revocationsPath));
  });
}

/** Reads those of a mirror; what cannot be read is passed over. */
export async function fetchRevocations(transport: Transport): Promise<readonly Revocation[]> {
  const text = await textAt(transport);
  return linesOf(text).flatMap((line) => parseRevocation(line) ?? []);
}

/** Lets a mirror say these too; how many it did not know. */
export async function pushRevocations(
  transport: Transport,
  revocations: readonly Revocation[],
  signal: AbortSignal,
): Promise<number> {
  const text = await persist(signal, () => textAt(transport));
  const added = missingFrom(text, revocations);
  if (added === '') return 0;
  const content = Buffer.from(text + added);
  const body = { size: content.length, bytes: () => [content] };
  await persist(signal, () => transport.put(revocationsPath, body, 'replace'));
  return linesOf(added).length;
}

const linesOf = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');

function missingFrom(text: string, revocations: readonly Revocation[]): string {
  const there = new Set(linesOf(text));
  const added = revocations
    .map((each) => formatRevocation(each))
    .filter((line) => !there.has(line.trimEnd()));
  const gap = added.length > 0 && text !== '' && !text.endsWith('\n') ? '\n' : '';
  return gap + added.join('');
}

function textIn({ fs, dir }: StorePlace): string {
  try {
    return fs.readFileSync(join(dir, revocationsPath), 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return '';
    throw error;
  }
}

async function textAt(transport: Transport): Promise<string> {
  const parts: Buffer[] = [];
  const isThere = await transport.get(revocationsPath, (bytes) => parts.push(Buffer.from(bytes)));
  return isThere ? Buffer.concat(parts).toString('utf8') : '';
}
