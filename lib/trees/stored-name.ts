/**
 * Names that git refuses in a tree (fsck) or in its index, and what they are stored under.
 *
 * The rules are git's, taken a little wider: what NTFS or HFS+ would read as `.git` or `.gitmodules`
 * is refused by `git fsck` everywhere, because a clone might land there.
 */

/** Every escaped name begins so; a true name that does is escaped too, so that none can clash. */
const PREFIX = 'varve%';

/** Code points that HFS+ ignores in names, as UTF-8 bytes: U+200C–200F, U+202A–202E, U+206A–206F, U+FEFF. */
const HFS_IGNORED =
  /\u00e2\u0080[\u008c-\u008f\u00aa-\u00ae]|\u00e2\u0081[\u00aa-\u00af]|\u00ef\u00bb\u00bf/g;

/** A special file of git's: its name without the dot, and the start of its NTFS short name. */
interface Special {
  readonly name: string;
  readonly short: string;
}

const MODULES: Special = { name: 'gitmodules', short: 'gi7eba' };
const LINKS_REFUSED: readonly Special[] = [
  { name: 'gitattributes', short: 'gi7d29' },
  { name: 'gitignore', short: 'gi250a' },
  { name: 'mailmap', short: 'maba30' },
];
const ATTRIBUTES = '.gitattributes';
/** What a name must hold to be read as any of git's own, here or on another file system. */
const SUSPICIOUS = /git|mailmap|~|[\u0080-\u00ff]/i;

/** Tells how an entry called `name` must be stored; `name` itself where git takes it. */
export function storedName(name: string, kind: 'file' | 'dir' | 'symlink' | 'fifo'): string {
  return isRefused(name, kind) ? escapedName(name) : name;
}

/** Makes the name that a refused one is stored under. */
export function escapedName(name: string): string {
  return PREFIX + name.replaceAll('%', '%25').replaceAll('\\', '%5C');
}

/** Whether this is the name of a file whose content decides (see {@link refusedAttributes}). */
export function isAttributesName(name: string): boolean {
  return SUSPICIOUS.test(name) && matchesSpecial(name, { name: ATTRIBUTES.slice(1), short: 'gi7d29' });
}

/** The largest attributes file that is looked at; a larger one is stored under an escaped name. */
export const ATTRIBUTES_LIMIT = 1 << 20;

/** Whether git refuses a blob of this content under the name `.gitattributes` (a line too long). */
export function refusedAttributes(content: Uint8Array): boolean {
  let start = 0;
  for (let end = content.indexOf(10); end !== -1; end = content.indexOf(10, start)) {
    if (end - start >= 2048) return true;
    start = end + 1;
  }
  return content.length - start >= 2048;
}

function isRefused(name: string, kind: 'file' | 'dir' | 'symlink' | 'fifo'): boolean {
  if (name.startsWith(PREFIX)) return true;
  if (!SUSPICIOUS.test(name)) return false;
  const parts = [name, ...name.split('\\')];
  if (parts.some((part) => isDotGit(part) || matchesSpecial(part, MODULES))) return true;
  return kind !== 'file' && LINKS_REFUSED.some((special) => matchesSpecial(name, special));
}

function isDotGit(name: string): boolean {
  return (
    /^(?:\.git|git~1)[ .]*(?:[:\\]|$)/i.test(name) ||
    name.replaceAll(HFS_IGNORED, '').toLowerCase() === '.git'
  );
}

function matchesSpecial(name: string, special: Special): boolean {
  if (name.replaceAll(HFS_IGNORED, '').toLowerCase() === `.${special.name}`) return true;
  const rest = afterSpecial(name.toLowerCase(), special);
  return rest !== undefined && /^[ .]*(?::|$)/.test(rest);
}

/** What follows the special name, its NTFS short name or the short name's fall-back form. */
function afterSpecial(lower: string, special: Special): string | undefined {
  if (lower.startsWith(`.${special.name}`)) return lower.slice(special.name.length + 1);
  const stem = `${special.name.slice(0, 6)}~`;
  if (lower.startsWith(stem) && /^[1-4]/.test(lower.slice(stem.length))) return lower.slice(stem.length + 1);
  const fallback = /^([a-z0-9]{0,6})~[1-9][0-9]*/.exec(lower.slice(0, 8));
  const complete =
    fallback !== null && fallback[0].length === 8 && special.short.startsWith(fallback[1] ?? '');
  return complete ? lower.slice(8) : undefined;
}
