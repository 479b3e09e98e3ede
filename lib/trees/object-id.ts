/** Git's own naming of content. */
import { createHash, hash } from 'node:crypto';
import type { ObjectType } from '../ports/objects.ts';
import type { ObjectId } from '../terms/ids.ts';

/** Of less, what takes time is to make a hash that is updated. */
const LITTLE = 1 << 14;
const whole = Buffer.allocUnsafeSlow(LITTLE + 32);

/** Computes the id that git gives to these bytes as an object of this type. */
export function objectId(type: ObjectType, body: Uint8Array): ObjectId {
  const head = `${type} ${body.length}\0`;
  if (body.length > LITTLE) return createHash('sha1').update(head).update(body).digest('hex') as ObjectId;
  whole.write(head, 'latin1');
  whole.set(body, head.length);
  return hash('sha1', whole.subarray(0, head.length + body.length), 'hex') as ObjectId;
}
