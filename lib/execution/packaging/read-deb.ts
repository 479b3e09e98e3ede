import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { gunzipFrom } from '../../artifacts/gzip-members.ts';
import { readTar, readWhole } from '../../artifacts/read-tar.ts';
import type { TarHeader } from '../../artifacts/tar-header.ts';
import { AR_MAGIC } from '../../packages/ar-header.ts';
import type { Offered } from '../../packages/apt-index.ts';
import { controlField } from '../../packages/deb-control.ts';
import { relationsIn } from '../../packages/deb-names.ts';
import type { Relation } from '../../packages/relations.ts';
import type { BlobContent } from '../../ports/objects.ts';
import { shownPath } from '../../trees/raw-text.ts';
import type { PackageFile } from './open-package.ts';
import { reading } from './reading.ts';

const HEADER = 60;
const CONTROL = 'control.tar.gz';

/** Reads of a .deb that {@link writeDeb} wrote what an index says of it; undefined where it is none. */
export function readDeb(file: string, content: BlobContent): Offered | undefined {
  const hash = createHash('sha256');
  let head = Buffer.alloc(0);
  let control: Buffer | undefined;
  for (const piece of content.pieces()) {
    hash.update(piece);
    if (control !== undefined) continue;
    head = Buffer.concat([head, piece]);
    control = membersOf(head).get(CONTROL);
  }
  const text = control === undefined ? undefined : controlFiles(gunzipSync(control)).get('control');
  if (text === undefined) return undefined;
  return { control: shownPath(text), file, size: content.size, sha256: hash.digest('hex') };
}

/** The files of a package's own, by name, in raw bytes. */
function controlFiles(tar: Buffer): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  readTar(reading(tar), ({ path, size, kind }, content) => {
    if (kind !== 'file') return;
    found.set(path.replace(/^\.\//, ''), readWhole(content, size).toString('latin1'));
  });
  return found;
}

/** A .deb that {@link writeDeb} wrote. */
export interface OpenDeb extends PackageFile {
  readonly kind: 'deb';
  /** The files of its own, in raw bytes: `control`, `md5sums`, `postinst`, … */
  readonly own: ReadonlyMap<string, string>;
}

export function openDeb({ recipe, file, bytes }: Pick<OpenDeb, 'recipe' | 'file' | 'bytes'>): OpenDeb {
  const member = (name: string): Buffer => membersOf(bytes()).get(name) ?? Buffer.alloc(0);
  const own = controlFiles(gunzipSync(member(CONTROL)));
  const control = shownPath(own.get('control') ?? '');
  const [name, version] = [controlField(control, 'Package'), controlField(control, 'Version')];
  const itself: Relation = { name, versions: { how: '=', version } };
  const says = {
    depends: relationsIn(control, 'Depends'),
    conflicts: relationsIn(control, 'Conflicts'),
    provides: [itself, ...relationsIn(control, 'Provides')],
  };
  return {
    kind: 'deb',
    recipe,
    file,
    bytes,
    own,
    name,
    version,
    says,
    architecture: controlField(control, 'Architecture'),
    license: controlField(control, 'License'),
    summary: controlField(control, 'Description'),
    provides: relationsIn(control, 'Provides').map((one) => one.name),
    depends: says.depends.map((one) => one.name),
    preinst: shownPath(own.get('preinst') ?? ''),
    postinst: shownPath(own.get('postinst') ?? ''),
    read: (visit) =>
      readTar(gunzipFrom(reading(member('data.tar.gz'))), (header, content) => visit(plain(header), content)),
  };
}

/** Without the `./` that names in a .deb begin with. */
function plain(header: TarHeader): TarHeader {
  const { path, kind, link } = header;
  return {
    ...header,
    path: path === '.' || path === './' ? '' : path.replace(/^\.\//, ''),
    link: kind === 'hardlink' ? link.replace(/^\.\//, '') : link,
  };
}

/** The members that are there as a whole, by name. */
function membersOf(bytes: Buffer): ReadonlyMap<string, Buffer> {
  const members = new Map<string, Buffer>();
  if (bytes.toString('latin1', 0, AR_MAGIC.length) !== AR_MAGIC) return members;
  for (let at = AR_MAGIC.length; at + HEADER <= bytes.length;) {
    const [name, start] = [bytes.toString('latin1', at, at + 16).trim(), at + HEADER];
    const size = Number(bytes.toString('latin1', at + 48, at + 58));
    if (start + size <= bytes.length) members.set(name, bytes.subarray(start, start + size));
    at = start + size + (size % 2);
  }
  return members;
}
