import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { World } from '../ports/world.ts';
import { isBelow } from '../terms/is-below.ts';

/** A build directory that uses a store; at most one build goes on in it. */
export interface StoreUser {
  readonly artifactDir: string;
  readonly buildDir: string;
}

export type UserWorld = Pick<World, 'fs' | 'now' | 'hostname'>;

/** What build directories leave for others in a store: that a build goes on, and what they have from nowhere else. */
export type UserFile = 'running' | 'claims';

/** The file of a build directory; it has one of each kind. */
export function userFile(world: UserWorld, user: StoreUser, kind: UserFile): string {
  return join(user.artifactDir, kind, nameOf(world, user));
}

/** The files of all others that use the same store. */
export function filesOfOthers(world: UserWorld, user: StoreUser, kind: UserFile): readonly string[] {
  const dir = join(user.artifactDir, kind);
  if (!world.fs.existsSync(dir)) return [];
  return world.fs
    .readdirSync(dir)
    .map(String)
    .filter((name) => /^[0-9a-f]{24}$/.test(name) && name !== nameOf(world, user))
    .map((name) => join(dir, name));
}

/** Whether nobody else is known to use the store: it lies in the build directory, and no other left a file in it. */
export function isOwnStore(world: UserWorld, user: StoreUser): boolean {
  const others = (['running', 'claims'] as const).flatMap((kind) => filesOfOthers(world, user, kind));
  return isBelow(user.artifactDir, user.buildDir) && others.length === 0;
}

function nameOf({ hostname }: UserWorld, { buildDir }: StoreUser): string {
  return createHash('sha256').update(`${hostname} ${buildDir}`).digest('hex').slice(0, 24);
}
