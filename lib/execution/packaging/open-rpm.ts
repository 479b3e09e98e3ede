import { gunzipFrom } from '../../artifacts/gzip-members.ts';
import { readCpio } from '../../artifacts/read-cpio.ts';
import type { TarHeader } from '../../artifacts/tar-header.ts';
import { KIND } from '../../artifacts/write-cpio.ts';
import { capabilityValue } from '../../packages/capability-text.ts';
import type { Relation } from '../../packages/relations.ts';
import { relationOf } from '../../packages/rpm-names.ts';
import { pathsOf, rpmNumbers, rpmTexts, rpmText } from '../../packages/rpm-values.ts';
import type { RpmValues } from '../../packages/rpm-header.ts';
import { RPM, SENSE } from '../../packages/rpm-tags.ts';
import { shownPath } from '../../trees/raw-text.ts';
import type { PackageFile } from './open-package.ts';
import { headersOf } from './read-rpm.ts';
import { reading } from './reading.ts';

/** An .rpm that {@link writeRpm} wrote. */
export interface OpenRpm extends PackageFile {
  readonly kind: 'rpm';
}

export function openRpm({
  recipe,
  file,
  bytes,
}: Pick<OpenRpm, 'recipe' | 'file' | 'bytes'>): OpenRpm | undefined {
  const headers = headersOf(bytes());
  if (headers === undefined) return undefined;
  const { values, end } = headers;
  const text = (tag: number): string => shownPath(rpmText(values, tag));
  const texts = (tag: number): readonly string[] => rpmTexts(values, tag).map(shownPath);
  const script = (which: 'preinst' | 'postinst'): string => {
    const program = texts(RPM[`${which}Program`]);
    return program.length === 0 ? '' : `#!${program.join(' ')}\n${text(RPM[which])}`;
  };
  const name = text(RPM.name);
  const says = {
    depends: column(values, 'require'),
    conflicts: column(values, 'conflict'),
    provides: column(values, 'provide'),
  };
  return {
    kind: 'rpm',
    recipe,
    file,
    bytes,
    name,
    version: `${text(RPM.version)}-${text(RPM.release)}`,
    architecture: text(RPM.arch),
    license: text(RPM.license),
    summary: text(RPM.summary),
    says,
    provides: says.provides.map((one) => one.name).filter((one) => one !== name),
    depends: says.depends.map((one) => one.name),
    preinst: script('preinst'),
    postinst: script('postinst'),
    read: (visit) => readFiles(values, bytes().subarray(end), visit),
  };
}

/** A column; not what rpm itself has to know. */
function column(values: RpmValues, kind: 'require' | 'conflict' | 'provide'): readonly Relation[] {
  const [names, versions] = [`${kind}Name`, `${kind}Version`] as const;
  const flags = rpmNumbers(values, RPM[`${kind}Flags`]);
  const said = rpmTexts(values, RPM[versions]);
  return rpmTexts(values, RPM[names]).flatMap((name, index) => {
    const bits = flags[index] ?? 0;
    const version = said[index] ?? '';
    return (bits & SENSE.rpmlib) === 0 ? [relationOf({ name: shownPath(name), flags: bits, version })] : [];
  });
}

function readFiles(values: RpmValues, payload: Buffer, visit: Parameters<OpenRpm['read']>[0]): void {
  const headers = headersByPath(values);
  // Of a file with several names the last one has the content.
  const waiting = new Map<number, TarHeader[]>();
  readCpio(gunzipFrom(reading(payload)), (name, content) => {
    const found = headers.get(name.replace(/^\.\//, ''));
    if (found === undefined) return;
    const { header, inode, isLast } = found;
    if (!isLast) {
      waiting.set(inode, [...(waiting.get(inode) ?? []), header]);
      return;
    }
    visit(header, header.kind === 'file' ? content : () => 0);
    for (const other of waiting.get(inode) ?? [])
      visit({ ...other, kind: 'hardlink', size: 0, link: header.path }, () => 0);
  });
}

interface Found {
  readonly header: TarHeader;
  readonly inode: number;
  readonly isLast: boolean;
}

function headersByPath(values: RpmValues): ReadonlyMap<string, Found> {
  const numbers = (tag: number): ((index: number) => number) => {
    const all = rpmNumbers(values, tag);
    return (index) => all[index] ?? 0;
  };
  const texts = (tag: number): ((index: number) => string) => {
    const all = rpmTexts(values, tag);
    return (index) => all[index] ?? '';
  };
  const [modes, sizes, times, inodes] = [RPM.fileModes, RPM.fileSizes, RPM.fileTimes, RPM.fileInodes].map(
    numbers,
  );
  const [users, groups, links, capabilities] = [
    RPM.fileUsers,
    RPM.fileGroups,
    RPM.fileLinks,
    RPM.fileCapabilities,
  ].map(texts);
  const paths = pathsOf(values);
  const last = new Map(paths.map((_, index) => [inodes?.(index), index]));
  return new Map(
    paths.map(({ path: shown }, index): [string, Found] => {
      const path = shown.slice(1);
      const [mode, inode] = [modes?.(index) ?? 0, inodes?.(index) ?? 0];
      const kind = KINDS.get(mode & 0o170000) ?? 'file';
      const xattr = capabilityValue(capabilities?.(index) ?? '');
      const header: TarHeader = {
        path,
        kind,
        mode: mode & 0o7777,
        uid: ownerOf(users?.(index) ?? ''),
        gid: ownerOf(groups?.(index) ?? ''),
        ...nameOf('user', users?.(index)),
        ...nameOf('group', groups?.(index)),
        size: kind === 'file' ? (sizes?.(index) ?? 0) : 0,
        mtime: times?.(index) ?? 0,
        link: links?.(index) ?? '',
        ...(xattr !== undefined && { xattrs: new Map([['security.capability', xattr.toString('latin1')]]) }),
      };
      return [path, { header, inode, isLast: last.get(inode) === index }];
    }),
  );
}

const KINDS: ReadonlyMap<number, keyof typeof KIND> = new Map(
  (['file', 'dir', 'symlink', 'fifo'] as const).map((kind) => [KIND[kind], kind]),
);

/** The number that stands for a name; of names the target has the numbers. */
function ownerOf(name: string): number {
  return /^\d+$/.test(name) ? Number(name) : 0;
}

function nameOf(key: 'user' | 'group', name = ''): Pick<TarHeader, 'user' | 'group'> {
  return /^(\d*|root)$/.test(name) ? {} : { [key]: name };
}
