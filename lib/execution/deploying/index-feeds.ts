/** An index for apt in each directory of DEPLOY_DIR that packages are deployed to. */
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { openObjectStore } from '../../history/object-store.ts';
import { packageStanza, releaseText } from '../../packages/apt-index.ts';
import type { FileSystem } from '../../ports/world.ts';
import type { KnownPart } from '../../sysroot/sysroot-manifest.ts';
import type { SharedPart } from '../../sysroot/compose-sysroot.ts';
import { byCodeUnit } from '../../terms/ids.ts';
import { feedIndexes, type Places } from '../../terms/places.ts';
import { listEntries } from '../../trees/list-entries.ts';
import { below, DEFAULT_IMAGE } from '../../trees/tree-metadata.ts';
import { readDeb } from '../packaging/read-deb.ts';

const PACKAGES_TASK = 'do_package_write_deb';
/** In the place of a task: a part that no recipe made. */
const INDEX = 'index';

/** Whether a part is such an index: it is made of the others, anew each time. */
export function isFeedIndex({ task }: Pick<KnownPart, 'task'>): boolean {
  return task === INDEX;
}

/** Makes the indexes of all packages among the parts. What was said of an artifact before is not read again. */
export function indexFeeds(
  fs: FileSystem,
  places: Places,
  parts: readonly SharedPart[],
): readonly SharedPart[] {
  const packages = parts.filter(({ task }) => task === PACKAGES_TASK);
  if (packages.length === 0) return [];
  forgetOthers(fs, feedIndexes(places), new Set(packages.map(({ tree }) => tree)));
  const feeds = [...new Set(packages.map(({ at }) => at))].sort(byCodeUnit);
  return feeds.map((at) => {
    const stanzas = packages
      .filter((part) => part.at === at)
      .flatMap((part) => stanzasOf(fs, places, part))
      .sort(byCodeUnit);
    return indexPart(fs, places, { at, stanzas });
  });
}

function indexPart(
  fs: FileSystem,
  places: Places,
  { at, stanzas }: { readonly at: string; readonly stanzas: readonly string[] },
): SharedPart {
  const objects = openObjectStore(fs, join(feedIndexes(places), 'objects.git'));
  const text = Buffer.from(stanzas.join('\n'));
  const indexes = [['Packages', text] as const, ['Packages.gz', gzipSync(text, { level: 9 })] as const];
  const found = stanzas.flatMap((stanza) => /^Architecture: (.*)$/m.exec(stanza)?.[1] ?? []);
  const architectures = [...new Set(found)].sort(byCodeUnit);
  const files = [...indexes, ['Release', Buffer.from(releaseText(architectures, indexes))] as const];
  const image = objects.writeTree(
    files.map(([name, bytes]) => ({ name, mode: 0o100644, oid: objects.writeBlob(bytes) })),
  );
  const tree = objects.writeTree([{ name: DEFAULT_IMAGE, mode: 0o40000, oid: image }]);
  // No time of its own: a server says by its files' times whether they are still the same.
  return { recipe: `the index of ${at}`, packageArch: '', task: INDEX, tree, at, objects };
}

/** What an index says of the packages of one artifact. */
function stanzasOf(fs: FileSystem, places: Places, part: SharedPart): readonly string[] {
  const memo = join(feedIndexes(places), part.tree);
  const known = readMemo(fs, memo);
  if (known !== undefined) return known;
  const stanzas = listEntries(part.objects, part.tree, { under: DEFAULT_IMAGE }).flatMap((entry) => {
    const file = below(DEFAULT_IMAGE, entry.path);
    if (entry.kind !== 'file' || entry.oid === undefined || !/^[^/]+\.deb$/.test(file)) return [];
    const offered = readDeb(file, part.objects.openBlob(entry.oid));
    return offered === undefined ? [] : [packageStanza(offered)];
  });
  writeMemo(fs, memo, stanzas);
  return stanzas;
}

/** Takes away what is said of artifacts that are not offered any more, and the indexes of before. */
function forgetOthers(fs: FileSystem, dir: string, current: ReadonlySet<string>): void {
  if (!fs.existsSync(dir)) return;
  for (const name of fs.readdirSync(dir))
    if (!current.has(name)) fs.rmSync(join(dir, name), { recursive: true, force: true });
}

/** A list under its own checksum: a file that did not come to the disk whole is none. */
function readMemo(fs: FileSystem, path: string): readonly string[] | undefined {
  if (!fs.existsSync(path)) return undefined;
  const [sum = '', text = ''] = fs.readFileSync(path, 'utf8').split('\n', 2);
  return sum === sumOf(text) ? (JSON.parse(text) as readonly string[]) : undefined;
}

function writeMemo(fs: FileSystem, path: string, stanzas: readonly string[]): void {
  const text = JSON.stringify(stanzas);
  fs.mkdirSync(dirname(path), { recursive: true });
  fs.writeFileSync(`${path}.new`, `${sumOf(text)}\n${text}\n`);
  fs.renameSync(`${path}.new`, path);
}

const sumOf = (text: string): string => createHash('sha256').update(text).digest('hex');
