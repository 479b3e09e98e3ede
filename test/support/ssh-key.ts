/** Keys as `ssh-keygen -t ed25519 -N ''` makes them, without it. */
import { generateKeyPairSync } from 'node:crypto';
import { keyBlob, keyIdOf, type KeyId } from '../../lib/trust/public-key.ts';
import { writeStrings } from '../../lib/trust/ssh-strings.ts';

export interface MadeKey {
  readonly id: KeyId;
  /** The text of the private key's file. */
  readonly secret: string;
  /** The line of the `.pub` file. */
  readonly pub: string;
}

/** Makes a key. */
export function makeKey(comment: string): MadeKey {
  const { x = '', d = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const [point, seed] = [Buffer.from(x, 'base64url'), Buffer.from(d, 'base64url')];
  const blob = keyBlob(point);
  const one = Buffer.from([0, 0, 0, 1]);
  const secret = Buffer.concat([
    Buffer.alloc(8),
    writeStrings(['ssh-ed25519', point, Buffer.concat([seed, point]), comment]),
  ]);
  const bytes = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    writeStrings(['none', 'none', '']),
    one,
    writeStrings([blob, secret]),
  ]);
  return {
    id: keyIdOf(blob),
    secret: `-----BEGIN OPENSSH PRIVATE KEY-----\n${bytes.toString('base64')}\n-----END OPENSSH PRIVATE KEY-----\n`,
    pub: `ssh-ed25519 ${blob.toString('base64')} ${comment}`,
  };
}
