import { createHash } from 'node:crypto';
import { gzipTo } from '../../artifacts/gzip-members.ts';
import { filesOf, writeCpioMembers } from '../../artifacts/write-cpio.ts';
import { encodeRpmHeader, REGION, type RpmValue, type RpmValues } from '../../packages/rpm-header.ts';
import { RPM, RPM_SIGNATURE, SHA256 } from '../../packages/rpm-tags.ts';
import type { Entry } from '../../ports/objects.ts';
import type { FileSystem } from '../../ports/world.ts';
import { writeWhole } from '../../ports/write-whole.ts';
import { groupBy } from '../../terms/group-by.ts';
import { below, isWithin } from '../../trees/tree-metadata.ts';
import type { PackageToWrite } from './package-to-write.ts';

export interface RpmContent extends Pick<PackageToWrite, 'entries' | 'root' | 'objects' | 'time'> {
  /** What it says of itself, but for its payload. */
  readonly values: RpmValues;
}

/** Writes a package for rpm: the same content gives the same bytes. A large file is never whole in memory. */
export function writeRpm(fs: FileSystem, path: string, content: RpmContent): void {
  const lead = leadOf(content.values);
  // As long as they will be: what they tell of the payload is not known before it is written.
  const room = encodeBoth(content, { digest: createHash('sha256').digest('hex'), size: 0, plainSize: 0 });
  const start = lead.length + room.length;
  const fd = fs.openSync(path, 'w');
  try {
    const payload = writePayload(content, (bytes, at) => writeWhole(fs, fd, bytes, start + at));
    writeWhole(fs, fd, Buffer.concat([lead, encodeBoth(content, payload)]), 0);
  } finally {
    fs.closeSync(fd);
  }
}

/** What is in the payload: all but the root, and another name of a file that is in another package stands for itself. */
export function payloadEntries({
  entries,
  root,
}: Pick<PackageToWrite, 'entries' | 'root'>): readonly Entry[] {
  return entries
    .filter(({ path }) => path !== root)
    .map(({ hardlinkTo, ...alone }): Entry =>
      hardlinkTo !== undefined && isWithin(root, hardlinkTo) ? { ...alone, hardlinkTo } : alone,
    );
}

interface Payload {
  /** SHA-256 of it as it is in the file. */
  readonly digest: string;
  readonly size: number;
  readonly plainSize: number;
}

function writePayload(content: RpmContent, put: (bytes: Uint8Array, at: number) => void): Payload {
  const { objects, time, root } = content;
  const hash = createHash('sha256');
  let [size, plainSize] = [0, 0];
  const gzip = gzipTo((bytes) => {
    put(bytes, size);
    hash.update(bytes);
    size += bytes.length;
  }, SMALLEST);
  const nameOf = (path: string): string => `./${below(root, path)}`;
  const entries = namesTogether(payloadEntries(content));
  writeCpioMembers({ objects, entries, time, nameOf }, (bytes) => {
    gzip.write(bytes);
    plainSize += bytes.length;
  });
  gzip.end();
  return { digest: hash.digest('hex'), size, plainSize };
}

/** rpm takes whatever lies between two names of a file for another name of it. */
function namesTogether(entries: readonly Entry[]): readonly Entry[] {
  const files = filesOf(entries);
  const leaderOf = ({ hardlinkTo, path }: Entry): string => hardlinkTo ?? path;
  const byLeader = groupBy(entries, leaderOf);
  return entries.flatMap((entry) => {
    const leader = leaderOf(entry);
    return files.get(leader)?.last === entry.path ? (byLeader.get(leader) ?? []) : [];
  });
}

const SMALLEST = 9;

/** The header, and before it what it is known by. */
function encodeBoth({ values }: RpmContent, { digest, size, plainSize }: Payload): Buffer {
  const text = (value: string): RpmValue => ({ type: 'string', values: [value] });
  const number = (value: number): RpmValue => ({ type: 'int32', values: [value] });
  const header = encodeRpmHeader(
    REGION.header,
    new Map<number, RpmValue>([
      ...values,
      [RPM.payloadFormat, text('cpio')],
      [RPM.payloadCompressor, text('gzip')],
      [RPM.payloadFlags, text(String(SMALLEST))],
      [RPM.payloadDigest, { type: 'strings', values: [digest] }],
      [RPM.payloadDigestAlgorithm, number(SHA256)],
    ]),
  );
  const signature = encodeRpmHeader(
    REGION.signature,
    new Map<number, RpmValue>([
      [RPM_SIGNATURE.sha1, text(createHash('sha1').update(header).digest('hex'))],
      [RPM_SIGNATURE.sha256, text(createHash('sha256').update(header).digest('hex'))],
      [RPM_SIGNATURE.size, number(header.length + size)],
      [RPM_SIGNATURE.payloadSize, number(plainSize)],
    ]),
  );
  return Buffer.concat([signature, Buffer.alloc((8 - (signature.length % 8)) % 8), header]);
}

/** 96 bytes that say no more than what file(1) asks for: an .rpm, version 3, binary, for whatever processor and Linux. */
function leadOf(values: RpmValues): Buffer {
  const lead = Buffer.alloc(96);
  lead.set([0xed, 0xab, 0xee, 0xdb, 3, 0]);
  lead.writeUInt16BE(255, 8);
  const name = [RPM.name, RPM.version, RPM.release].map((tag) => values.get(tag)?.values[0] ?? '').join('-');
  lead.write(name.slice(0, 65), 10, 'latin1');
  lead.writeUInt16BE(1, 76);
  // Checksums as in a header.
  lead.writeUInt16BE(5, 78);
  return lead;
}
