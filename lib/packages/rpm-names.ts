/** How rpm writes what metadata names: versions, processors, what a package asks for. */
import type { Relation } from './relations.ts';
import { byCodeUnit } from '../terms/ids.ts';
import { SENSE } from './rpm-tags.ts';

export interface RpmVersion {
  /** '': none. */
  readonly epoch: string;
  readonly version: string;
  readonly release: string;
}

/** PE, PKGV and PKGR as rpm takes them, for which a - stands before the release only; undefined: it takes them in no way. */
export function rpmVersion({ epoch, version, release }: RpmVersion): RpmVersion | undefined {
  const own = { epoch, version: joined(version), release };
  const isTaken = [own.version, release].every((text) => /^[A-Za-z0-9._+~^]+$/.test(text));
  return isTaken && /^\d*$/.test(epoch) ? own : undefined;
}

/** `[PE:]PKGV-PKGR`. */
export function rpmVersionText({ epoch, version, release }: RpmVersion): string {
  return `${epoch === '' ? '' : `${epoch}:`}${version}-${release}`;
}

/** A version without a release. */
export function joined(version: string): string {
  return version.replaceAll('-', '+');
}

/** What a package is for: PACKAGE_ARCH but for what all machines take. */
export function rpmArchitecture(packageArch: string): string {
  return packageArch === 'all' ? 'noarch' : packageArch.replaceAll('-', '_');
}

/** What one package says of another, in rpm's three columns. */
export interface RpmDependency {
  readonly name: string;
  readonly flags: number;
  /** '': any. */
  readonly version: string;
}

/** A relation as rpm has it; of a version with more than one - the last is that before the release. */
export function rpmDependency({ name, versions }: Relation): RpmDependency {
  if (versions === undefined) return { name, flags: 0, version: '' };
  const { how, version } = versions;
  const last = version.lastIndexOf('-');
  const text = last < 0 ? version : `${joined(version.slice(0, last))}${version.slice(last)}`;
  return { name, flags: SIGNS[how], version: text };
}

const SIGNS = {
  '<': SENSE.less,
  '<=': SENSE.less | SENSE.equal,
  '=': SENSE.equal,
  '>=': SENSE.greater | SENSE.equal,
  '>': SENSE.greater,
} as const;

/** What a dependency says: the other way round. */
export function relationOf({ name, flags, version }: RpmDependency): Relation {
  const bits = flags & (SENSE.less | SENSE.equal | SENSE.greater);
  const how = HOWS.find((one) => SIGNS[one] === bits);
  return how === undefined || version === '' ? { name } : { name, versions: { how, version } };
}

const HOWS = ['<', '<=', '=', '>=', '>'] as const;

/** Each once, in an order of their own. */
export function sortedDependencies(all: readonly RpmDependency[]): readonly RpmDependency[] {
  const key = ({ name, flags, version }: RpmDependency): string => `${name}\0${flags}\0${version}`;
  return [...new Map(all.map((one) => [key(one), one])).values()].toSorted(
    (a, b) => byCodeUnit(a.name, b.name) || a.flags - b.flags || byCodeUnit(a.version, b.version),
  );
}
