/** Signatures as git and `ssh-keygen -Y` write them (PROTOCOL.sshsig of OpenSSH). */
import { createHash, sign, verify } from 'node:crypto';
import { keyIdOf, KEY_TYPE, readPublicKey, type KeyId } from './public-key.ts';
import type { SigningKey } from './signing-key.ts';
import { readStrings, writeStrings } from './ssh-strings.ts';

/** What is signed is meant for varve: a signature of the same text for another purpose does not count. */
const NAMESPACE = 'varve';
const MAGIC = 'SSHSIG';
const VERSION = Buffer.from([0, 0, 0, 1]);
const HASHES = ['sha256', 'sha512'];
const ARMOUR = /^-----BEGIN SSH SIGNATURE-----\n([A-Za-z0-9+/=\n]+)\n-----END SSH SIGNATURE-----\n?$/;

/** Signs a text. */
export function signText({ blob, key }: SigningKey, text: string): string {
  const hash = 'sha512';
  const signature = writeStrings([KEY_TYPE, sign(null, signedBytes(text, hash), key)]);
  const bytes = Buffer.concat([
    Buffer.from(MAGIC),
    VERSION,
    writeStrings([blob, NAMESPACE, '', hash, signature]),
  ]);
  const lines = bytes.toString('base64').match(/.{1,70}/g) ?? [];
  return `-----BEGIN SSH SIGNATURE-----\n${lines.join('\n')}\n-----END SSH SIGNATURE-----\n`;
}

/** Whose signature of the text it is; undefined: it is none. */
export function verifyText(armoured: string, text: string): KeyId | undefined {
  const base64 = (ARMOUR.exec(armoured)?.[1] ?? '').replaceAll('\n', '');
  const bytes = Buffer.from(base64, 'base64');
  // There is one way only to write a signature down.
  if (bytes.toString('base64') !== base64) return undefined;
  if (!bytes.subarray(0, MAGIC.length).equals(Buffer.from(MAGIC))) return undefined;
  if (!bytes.subarray(MAGIC.length, MAGIC.length + 4).equals(VERSION)) return undefined;
  const strings = readStrings(bytes, MAGIC.length + 4, 5) ?? [];
  const [blob, namespace, , hash, signature] = strings;
  if (writeStrings(strings).length !== bytes.length - MAGIC.length - 4) return undefined;
  if (blob === undefined || hash === undefined || signature === undefined) return undefined;
  const key = readPublicKey(blob);
  const [type, value] = readStrings(signature, 0, 2) ?? [];
  const algorithm = hash.toString('latin1');
  if (key === undefined || value === undefined || type?.toString('latin1') !== KEY_TYPE) return undefined;
  if (namespace?.toString('utf8') !== NAMESPACE || !HASHES.includes(algorithm)) return undefined;
  return verify(null, signedBytes(text, algorithm), key, value) ? keyIdOf(blob) : undefined;
}

function signedBytes(text: string, hash: string): Buffer {
  const digest = createHash(hash).update(text).digest();
  return Buffer.concat([Buffer.from(MAGIC), writeStrings([NAMESPACE, '', hash, digest])]);
}
