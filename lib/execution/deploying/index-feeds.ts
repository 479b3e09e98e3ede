/** An index for apt or dnf in each directory of DEPLOY_DIR that packages are deployed to. */
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { openObjectStore } from '../../history/object-store.ts';
import type { BlobContent, ObjectStore } from '../../ports/objects.ts';
import type { FileSystem } from '../../ports/world.ts';
import type { KnownPart } from '../../sysroot/sysroot-manifest.ts';
import type { SharedPart } from '../../sysroot/compose-sysroot.ts';
import { GIT_MODE } from '../../terms/git-mode.ts';
import { byCodeUnit, type TreeId } from '../../terms/ids.ts';
import { feedIndexes, type Places } from '../../terms/places.ts';
import { listEntries } from '../../trees/list-entries.ts';
import { below, DEFAULT_IMAGE, inside } from '../../trees/tree-metadata.ts';
import { aptFeed } from './apt-feed.ts';
import { dnfFeed } from './dnf-feed.ts';

/** A kind of directory with packages. */
export interface FeedForm {
  /** The task that makes the packages. */
  readonly task: string;
  /** What the names of their files end in. */
  readonly ending: string;
  /** Where in the feed its index is; '': beside the packages. */
  readonly dir: string;
  /** What an index says of one package, in whatever words of its own; undefined: that is none. */
  describe(file: string, content: BlobContent): string | undefined;
  /** The files of the index of so described packages. */
  index(described: readonly string[]): readonly (readonly [name: string, bytes: Buffer])[];
}

const FORMS: readonly FeedForm[] = [aptFeed, dnfFeed];

/** In the place of a task: a part that no recipe made. */
const INDEX = 'index';

/** Whether a part is such an index: it is made of the others, anew each time. */
export function isFeedIndex({ task }: Pick<KnownPart, 'task'>): boolean {
  return task === INDEX;
}

/** Whether a task makes the packages of feeds. */
export function isFeedTask(task: string): boolean {
  return FORMS.some((form) => form.task === task);
}

/** Makes the indexes of all packages among the parts. What was said of an artifact before is not read again. */
export function indexFeeds(
  fs: FileSystem,
  places: Places,
  parts: readonly SharedPart[],
): readonly SharedPart[] {
  const tasks = FORMS.map(({ task }) => task);
  const packages = parts.filter(({ task }) => tasks.includes(task));
  if (packages.length === 0) return [];
  forgetOthers(fs, feedIndexes(places), new Set(packages.map(({ tree }) => tree)));
  const objects = openObjectStore(fs, join(feedIndexes(places), 'objects.git'));
  return FORMS.flatMap((form) => {
    const own = packages.filter(({ task }) => task === form.task);
    const feeds = [...new Set(own.map(({ at }) => at))].sort(byCodeUnit);
    return feeds.map((at): SharedPart => {
      const offered = own.filter((part) => part.at === at);
      const described = offered.flatMap((part) => describedIn(fs, places, { form, part }));
      const tree = indexTree(objects, form, described.sort(byCodeUnit));
      // No time of its own: a server says by its files' times whether they are still the same.
      return { recipe: `the index of ${at}`, packageArch: '', task: INDEX, tree, at, objects };
    });
  });
}

function indexTree(objects: ObjectStore, form: FeedForm, described: readonly string[]): TreeId {
  const files = form.index(described);
  const tree = objects.writeTree(
    files.map(([name, bytes]) => ({ name, mode: GIT_MODE.file, oid: objects.writeBlob(bytes) })),
  );
  const names = inside(DEFAULT_IMAGE, form.dir).split('/');
  return names.reduceRight<TreeId>(
    (oid, name) => objects.writeTree([{ name, mode: GIT_MODE.directory, oid }]),
    tree,
  );
}

/** What an index says of the packages of one artifact. */
function describedIn(
  fs: FileSystem,
  places: Places,
  { form, part }: { readonly form: FeedForm; readonly part: SharedPart },
): readonly string[] {
  const memo = join(feedIndexes(places), part.tree);
  const known = readMemo(fs, memo);
  if (known !== undefined) return known;
  const described = listEntries(part.objects, part.tree, { under: DEFAULT_IMAGE }).flatMap((entry) => {
    const file = below(DEFAULT_IMAGE, entry.path);
    const isPackage = !file.includes('/') && file.endsWith(`.${form.ending}`);
    if (entry.kind !== 'file' || entry.oid === undefined || !isPackage) return [];
    return form.describe(file, part.objects.openBlob(entry.oid)) ?? [];
  });
  writeMemo(fs, memo, described);
  return described;
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

function writeMemo(fs: FileSystem, path: string, described: readonly string[]): void {
  const text = JSON.stringify(described);
  fs.mkdirSync(dirname(path), { recursive: true });
  fs.writeFileSync(`${path}.new`, `${sumOf(text)}\n${text}\n`);
  fs.renameSync(`${path}.new`, path);
}

const sumOf = (text: string): string => createHash('sha256').update(text).digest('hex');
