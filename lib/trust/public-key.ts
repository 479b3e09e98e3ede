import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { readStrings, writeStrings } from './ssh-strings.ts';

export const KEY_TYPE = 'ssh-ed25519';

declare const brand: unique symbol;
/** `SHA256:` and 43 characters, as `ssh-keygen -l` names a key. */
export type KeyId = string & { readonly [brand]: 'KeyId' };

/** Names a key by its bytes in SSH's form. */
export function keyIdOf(blob: Uint8Array): KeyId {
  const digest = createHash('sha256').update(blob).digest('base64');
  return `SHA256:${digest.replace(/=+$/, '')}` as KeyId;
}

/** Whether a word can be the name of a key. */
export function isKeyId(word: string): word is KeyId {
  return /^SHA256:[A-Za-z0-9+/]{43}$/.test(word);
}

/** Writes the 32 bytes of a key in SSH's form. */
export function keyBlob(point: Uint8Array): Buffer {
  return writeStrings([KEY_TYPE, point]);
}

/** Reads a key in SSH's form; undefined where it is not one of ed25519. */
export function readPublicKey(blob: Buffer): KeyObject | undefined {
  const [type, point] = readStrings(blob, 0, 2) ?? [];
  const isKey = type?.toString('latin1') === KEY_TYPE && point?.length === 32;
  if (!isKey || blob.length !== keyBlob(point).length) return undefined;
  return createPublicKey({
    format: 'jwk',
    key: { kty: 'OKP', crv: 'Ed25519', x: point.toString('base64url') },
  });
}
