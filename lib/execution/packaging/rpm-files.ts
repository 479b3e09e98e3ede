/** What an .rpm says of the files in it: a column a fact, a row a file. */
import { createHash } from 'node:crypto';
import { filesOf, KIND } from '../../artifacts/write-cpio.ts';
import { capabilityText } from '../../packages/capability-text.ts';
import type { RpmValue, RpmValues } from '../../packages/rpm-header.ts';
import { CONFIG_KEPT, DOCUMENTATION, RPM, SHA256 } from '../../packages/rpm-tags.ts';
import type { Entry, ObjectStore } from '../../ports/objects.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { below, lastName, parentOf } from '../../trees/tree-metadata.ts';
import { parseXattrs } from '../../trees/xattrs.ts';
import { isConffile, isDocumentation, type PackageToWrite } from './package-to-write.ts';
import { payloadEntries } from './write-rpm.ts';

/** What 32 bits have room for. */
const HIGHEST = 0xffffffff;

export function fileValues(of: PackageToWrite): RpmValues {
  const { root, objects, time, owners } = of;
  const entries = payloadEntries(of);
  const dirs = new Map<string, number>();
  const dirOf = (path: string): number => {
    const parent = parentOf(below(root, path));
    const dir = parent === '' ? '/' : `/${parent}/`;
    const known = dirs.get(dir) ?? dirs.size;
    dirs.set(dir, known);
    return known;
  };
  const dirIndexes = entries.map(({ path }) => dirOf(path));
  const inodes = filesOf(entries);
  const size = entries.reduce(
    (sum, entry) => (entry.hardlinkTo === undefined ? sum + sizeOf(objects, entry) : sum),
    0,
  );
  if (size > HIGHEST) throw tooLarge(of, size);
  const isConf = isConffile(of);
  const isDoc = isDocumentation(of);
  const ints = (each: (entry: Entry) => number): RpmValue => ({ type: 'int32', values: entries.map(each) });
  const texts = (each: (entry: Entry) => string): RpmValue => ({
    type: 'strings',
    values: entries.map(each),
  });
  const shorts = (each: (entry: Entry) => number): RpmValue => ({ type: 'int16', values: entries.map(each) });
  const digests = digestsOf(objects, entries);
  return new Map<number, RpmValue>([
    [RPM.size, { type: 'int32', values: [size] }],
    [RPM.dirNames, { type: 'strings', values: [...dirs.keys()] }],
    [RPM.dirIndexes, { type: 'int32', values: dirIndexes }],
    [RPM.baseNames, texts(({ path }) => lastName(path))],
    [RPM.fileSizes, ints((entry) => sizeOf(objects, entry))],
    [RPM.fileModes, shorts(({ kind, mode }) => KIND[kind] | mode)],
    [RPM.fileDevices, shorts(() => 0)],
    [RPM.fileTimes, ints(() => time)],
    [RPM.fileDigestAlgorithm, { type: 'int32', values: entries.length === 0 ? [] : [SHA256] }],
    [RPM.fileDigests, texts(({ oid }) => digests.get(oid ?? '') ?? '')],
    [
      RPM.fileLinks,
      texts(({ kind, oid }) =>
        kind === 'symlink' && oid !== undefined ? objects.readBlob(oid).toString('latin1') : '',
      ),
    ],
    [RPM.fileFlags, ints((entry) => (isConf(entry) ? CONFIG_KEPT : 0) | (isDoc(entry) ? DOCUMENTATION : 0))],
    [RPM.fileUsers, texts(({ uid = 0 }) => owners.user(uid) ?? ownerOf(uid))],
    [RPM.fileGroups, texts(({ gid = 0 }) => owners.group(gid) ?? ownerOf(gid))],
    [RPM.fileVerify, ints(() => -1)],
    // Names of one file have one number.
    [RPM.fileDevice, ints(() => 1)],
    [RPM.fileInodes, ints(({ path, hardlinkTo }) => inodes.get(hardlinkTo ?? path)?.number ?? 0)],
    [RPM.fileLanguages, texts(() => '')],
    [RPM.fileCapabilities, hasCapabilities(of) ? texts(capabilitiesOf) : { type: 'strings', values: [] }],
  ]);
}

/** Whether any file may do what else only root may. */
export function hasCapabilities({ entries }: Pick<PackageToWrite, 'entries'>): boolean {
  return entries.some((entry) => capabilitiesOf(entry) !== '');
}

function capabilitiesOf({ xattrs }: Entry): string {
  const value = parseXattrs(xattrs).get('security.capability');
  return value === undefined ? '' : (capabilityText(Buffer.from(value, 'latin1')) ?? '');
}

function ownerOf(id: number): string {
  return id === 0 ? 'root' : String(id);
}

function sizeOf(objects: ObjectStore, { kind, oid }: Entry): number {
  return oid === undefined || kind === 'dir' ? 0 : objects.size(oid);
}

function digestsOf(objects: ObjectStore, entries: readonly Entry[]): ReadonlyMap<string, string> {
  const digests = new Map<string, string>();
  for (const { kind, oid } of entries) {
    if (kind !== 'file' || oid === undefined || digests.has(oid)) continue;
    const hash = createHash('sha256');
    for (const piece of objects.openBlob(oid).pieces()) hash.update(piece);
    digests.set(oid, hash.digest('hex'));
  }
  return digests;
}

function tooLarge({ recipe, name }: PackageToWrite, size: number): VarveError {
  return new VarveError(
    'task',
    `package ${name} has ${size} bytes, and an .rpm has no room for more than 4 GiB`,
    {
      place: { file: recipe.file },
      hints: [`FILES:${name} and PACKAGES divide it into several packages`],
    },
  );
}
