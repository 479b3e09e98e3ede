import { createHash } from 'node:crypto';
import { type ArtifactId, type Signature, type TreeId, isHex } from '../terms/ids.ts';
import type { KeyId } from '../trust/public-key.ts';

/** An archive in cas: how its file is named and made. */
export interface Archive {
  /** Of the file, compressed as it is. */
  readonly sha256: string;
  /** Bytes of the file. */
  readonly size: number;
  readonly compression: 'gzip';
}

/** What the work under one signature produced; the JSON in ac. */
export interface AcEntry {
  readonly schema: 1;
  readonly recipe: string;
  readonly version: string;
  /** With its `do_`. */
  readonly task: string;
  readonly signature: Signature;
  readonly id: ArtifactId;
  readonly tree: TreeId;
  readonly archive: Archive;
  /** Bytes of the uncompressed tar: no more of an archive is ever unpacked. */
  readonly unpacked: number;
  /** The time that everything in the archive has (SOURCE_DATE_EPOCH), seconds since the epoch. */
  readonly time: number;
  readonly builtBy: Builder;
  /** Absent where nothing in it names a directory of the build that made it. */
  readonly buildPaths?: BuildPaths;
  /** Of a task after do_install: the artifact that it was made from, and who vouched for that. */
  readonly from?: Start;
  /** On a mirror: another key that the entry stands under, which can be known before any result is. */
  readonly deep?: Signature;
  /** The builder's signature of {@link signedText}, as `ssh-keygen -Y sign -n varve` makes it. */
  readonly sshsig?: string;
}

/** Files that name a directory of the build that made them: what is there is nowhere else. */
export interface BuildPaths {
  /** TMPDIR, or another one that they name. */
  readonly dir: string;
  /** By path; the first thousand. */
  readonly files: readonly NamingFile[];
  /** How many there are beyond these. */
  readonly more?: number;
}

export interface NamingFile {
  /** On the target, without a slash in front, as `encodeRaw` writes it. */
  readonly path: string;
  /** In which part of it: `line 17`, `run path`, `.debug_str`; absent where that says nothing. */
  readonly where?: string;
  /** The first task that left this content somewhere, with its `do_`; absent where nobody knows. */
  readonly task?: string;
}

/** Who vouches for an artifact. */
export interface Builder {
  readonly host: string;
  readonly varve: string;
  /** When it was made, ISO 8601 in UTC with milliseconds; older entries do not tell. */
  readonly at?: string;
}

export interface Start {
  readonly id: ArtifactId;
  readonly builtBy: Builder;
  /** Key that had signed it: `SHA256:…`. */
  readonly key?: KeyId;
}

/** What an entry says and a builder signs, as `jq 'del(.deep, .sshsig, .check)'` prints it. */
export function signedText(entry: AcEntry): string {
  return `${JSON.stringify(stated(entry), undefined, 2)}\n`;
}

/** Makes the text of an entry: its fields in one order, and a checksum of what stands before it. */
export function formatAcEntry(entry: AcEntry): string {
  const { deep, sshsig } = entry;
  const all = {
    ...stated(entry),
    ...(deep !== undefined && { deep }),
    ...(sshsig !== undefined && { sshsig }),
  };
  const text = JSON.stringify(all, undefined, 2);
  const body = text.slice(0, text.lastIndexOf('\n}'));
  return `${body},\n  "check": "${checkOf(body)}"\n}\n`;
}

/** What an entry says, its fields in one order. */
function stated(entry: AcEntry): Omit<AcEntry, 'deep' | 'sshsig'> {
  const { recipe, version, task, signature, id, tree, archive, unpacked, time, builtBy, buildPaths, from } =
    entry;
  const { sha256, size, compression } = archive;
  return {
    schema: 1,
    recipe,
    version,
    task,
    signature,
    id,
    tree,
    archive: { sha256, size, compression },
    unpacked,
    time,
    builtBy: statedBuilder(builtBy),
    ...(buildPaths !== undefined && { buildPaths: statedPaths(buildPaths) }),
    ...(from !== undefined && { from: statedStart(from) }),
  };
}

function statedBuilder({ host, varve, at }: Builder): Builder {
  return { host, varve, ...(at !== undefined && { at }) };
}

function statedPaths({ dir, files, more }: BuildPaths): BuildPaths {
  const stated = files.map(({ path, where, task }) => ({
    path,
    ...(where !== undefined && { where }),
    ...(task !== undefined && { task }),
  }));
  return { dir, files: stated, ...(more !== undefined && { more }) };
}

function statedStart({ id, builtBy, key }: Start): Start {
  return { id, builtBy: statedBuilder(builtBy), ...(key !== undefined && { key }) };
}

/** Reads the text of an entry; a string tells why it is none. */
export function parseAcEntry(text: string, signature?: string): AcEntry | string {
  const value = fields(parseJson(text));
  if (value === undefined) return 'it is not JSON';
  if (value['schema'] !== 1) return `it has schema ${JSON.stringify(value['schema'])}, not 1`;
  if (!isWhole(text)) return 'it is not as it was written';
  const wrong = firstWrong(value, ENTRY) ?? firstWrong(fields(value['archive']) ?? {}, ARCHIVE);
  if (wrong !== undefined) return `its "${wrong}" is missing or wrong`;
  const { check: _, ...rest } = value;
  const entry = rest as unknown as AcEntry;
  if (signature !== undefined && entry.signature !== signature)
    return `it is of signature ${entry.signature}`;
  return entry;
}

/** Whether the text is to the byte what was written: an id with a flipped bit is an id still. */
function isWhole(text: string): boolean {
  const [, body, check] = /^(.*),\n {2}"check": "([0-9a-f]{64})"\n\}\n$/s.exec(text) ?? [];
  return body !== undefined && checkOf(body) === check;
}

function checkOf(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}

type Fields = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isCount: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const isDigest =
  (digits: number): Check =>
  (value) =>
    typeof value === 'string' && isHex(value, digits);

function isBuilder(value: unknown): boolean {
  const { host, varve, at } = fields(value) ?? {};
  return isText(host) && isText(varve) && (at === undefined || isText(at));
}

function isOneOf(...checks: readonly Check[]): Check {
  return (value) => checks.some((holds) => holds(value));
}

const isAbsent: Check = (value) => value === undefined;

function areBuildPaths(value: unknown): boolean {
  const { dir, files, more } = fields(value) ?? {};
  return isText(dir) && isOneOf(isAbsent, isCount)(more) && Array.isArray(files) && files.every(isNamingFile);
}

function isNamingFile(value: unknown): boolean {
  const { path, where, task } = fields(value) ?? {};
  return isText(path) && isOneOf(isAbsent, isText)(where) && isOneOf(isAbsent, isText)(task);
}

const ENTRY: Readonly<Record<string, Check>> = {
  recipe: isText,
  version: isText,
  task: isText,
  signature: isDigest(64),
  id: isDigest(64),
  tree: isDigest(40),
  unpacked: isCount,
  time: isCount,
  builtBy: isBuilder,
  buildPaths: isOneOf(isAbsent, areBuildPaths),
  from: (value) => {
    if (value === undefined) return true;
    const { id, builtBy, key } = fields(value) ?? {};
    return isDigest(64)(id) && isBuilder(builtBy) && (key === undefined || isText(key));
  },
  deep: (value) => value === undefined || isDigest(64)(value),
  sshsig: (value) => value === undefined || isText(value),
};

const ARCHIVE: Readonly<Record<string, Check>> = {
  sha256: isDigest(64),
  size: isCount,
  compression: (value) => value === 'gzip',
};

function firstWrong(value: Fields, checks: Readonly<Record<string, Check>>): string | undefined {
  return Object.entries(checks).find(([name, holds]) => !holds(value[name]))?.[0];
}

function fields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
