/** Git's own naming of content. */
import { createHash } from 'node:crypto';
import type { ObjectType } from '../ports/objects.ts';
import type { ObjectId } from '../terms/ids.ts';

/** Computes the id that git gives to these bytes as an object of this type. */
export function objectId(type: ObjectType, body: Uint8Array): ObjectId {
  return createHash('sha1').update(`${type} ${body.length}\0`).update(body).digest('hex') as ObjectId;
}
