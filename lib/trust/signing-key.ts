import { createPrivateKey, type KeyObject } from 'node:crypto';
import { keyBlob, keyIdOf, KEY_TYPE, type KeyId } from './public-key.ts';
import { readStrings } from './ssh-strings.ts';

/** What a builder signs with. */
export interface SigningKey {
  readonly id: KeyId;
  /** The public half, in SSH's form. */
  readonly blob: Buffer;
  readonly key: KeyObject;
}

const MAGIC = 'openssh-key-v1\0';
const ARMOUR =
  /^-----BEGIN OPENSSH PRIVATE KEY-----\s([A-Za-z0-9+/=\s]+)-----END OPENSSH PRIVATE KEY-----\s*$/;

/** Reads a private key as `ssh-keygen -t ed25519` writes it; a string tells why it cannot be signed with. */
export function readSigningKey(text: string): SigningKey | string {
  const [, base64] = ARMOUR.exec(text) ?? [];
  const bytes = Buffer.from(base64 ?? '', 'base64');
  if (base64 === undefined || bytes.toString('latin1', 0, MAGIC.length) !== MAGIC)
    return 'it is no private key in the form of OpenSSH';
  const [cipher, , options] = readStrings(bytes, MAGIC.length, 3) ?? [];
  if (cipher === undefined || options === undefined) return 'it is not whole';
  if (cipher.toString('latin1') !== 'none') return 'it has a passphrase, which nobody types in a build';
  // One key follows: how many, its public half, and what is secret.
  const end = options.byteOffset - bytes.byteOffset + options.length + 4;
  const [, secret] = readStrings(bytes, end, 2) ?? [];
  // Two numbers that are the same, which a wrong passphrase would not leave so, go before.
  const [type, point, pair] = readStrings(secret ?? Buffer.alloc(0), 8, 3) ?? [];
  if (type === undefined || point === undefined || pair === undefined) return 'it is not whole';
  if (type.toString('latin1') !== KEY_TYPE)
    return `it is of type ${type.toString('latin1')}, not ${KEY_TYPE}`;
  if (point.length !== 32 || pair.length !== 64) return 'it is not whole';
  const jwk = {
    kty: 'OKP',
    crv: 'Ed25519',
    x: point.toString('base64url'),
    d: pair.toString('base64url', 0, 32),
  };
  const blob = keyBlob(point);
  return { id: keyIdOf(blob), blob, key: createPrivateKey({ format: 'jwk', key: jwk }) };
}
