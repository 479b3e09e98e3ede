/** What of a shared store the records of its users name and have from nowhere else. */
import { dirname } from 'node:path';
import type { Signature } from '../terms/ids.ts';
import { filesOfOthers, userFile, type StoreUser, type UserWorld } from './store-user.ts';
import { errorCode } from './write-aside.ts';

/** How long the claims hold of a build directory on another machine, after the last time that it added one: milliseconds. */
const TERM = 90 * 24 * 3_600_000;

/** Adds to the claims of a build directory: its record names these, and the store alone has them. */
export function claim(world: UserWorld, user: StoreUser, signatures: readonly Signature[]): void {
  const { fs } = world;
  if (signatures.length === 0) return;
  orLeave(() => {
    const path = userFile(world, user, 'claims');
    fs.mkdirSync(dirname(path), { recursive: true });
    if (!fs.existsSync(path)) fs.writeFileSync(path, ownerLine(world, user));
    fs.appendFileSync(path, linesOf(signatures));
  });
}

/** Puts these in the place of what was claimed before. */
export function renewClaims(world: UserWorld, user: StoreUser, signatures: Iterable<Signature>): void {
  const { fs } = world;
  const path = userFile(world, user, 'claims');
  if (!fs.existsSync(path)) return claim(world, user, [...signatures]);
  return orLeave(() => {
    fs.writeFileSync(`${path}.new`, ownerLine(world, user) + linesOf(signatures));
    fs.renameSync(`${path}.new`, path);
  });
}

/** What all others claim. A build directory of this machine that is gone claims nothing any more. */
export function claimsOfOthers(world: UserWorld, user: StoreUser): ReadonlySet<Signature> {
  const { fs } = world;
  const all = filesOfOthers(world, user, 'claims').flatMap((path) => {
    const [owner = '', ...signatures] = fs.readFileSync(path, 'utf8').split('\n');
    const there = fs.statSync(path).mtimeMs;
    const here = owner.startsWith(`${world.hostname} `) ? owner.slice(world.hostname.length + 1) : undefined;
    const holds = here === undefined ? world.now() - there < TERM : fs.existsSync(here);
    return holds ? signatures : [];
  });
  return new Set(all as Signature[]);
}

const ownerLine = ({ hostname }: UserWorld, { buildDir }: StoreUser): string => `${hostname} ${buildDir}\n`;

const linesOf = (signatures: Iterable<Signature>): string =>
  [...signatures].map((each) => `${each}\n`).join('');

/** A store that cannot be written is cleared up by somebody else, who must know what they do. */
function orLeave(write: () => void): void {
  try {
    write();
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
  }
}
