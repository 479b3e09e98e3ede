/** How Debian's tools write what metadata names: packages, versions, processors. */
import { controlField } from './deb-control.ts';
import { parseRelations, type Relation } from './relations.ts';

/** A package's name: in lower case, and without what may not be in it; of a file that one provides, `file-bin-sh`. */
export function debName(name: string): string {
  return name.toLowerCase().replace(/^\//, 'file-').replaceAll(/[@,]/g, '+').replaceAll(/[_/]/g, '-');
}

/** `[PE:]PKGV-PKGR`; undefined where that is none that could be compared with others. */
export function debVersion({
  epoch,
  version,
  revision,
}: {
  readonly epoch: string;
  readonly version: string;
  readonly revision: string;
}): string | undefined {
  if (!/^\d[A-Za-z0-9.+~-]*$/.test(version) || !/^[A-Za-z0-9.+~]+$/.test(revision)) return undefined;
  if (!/^\d*$/.test(epoch)) return undefined;
  return `${epoch === '' ? '' : `${epoch}:`}${version}-${revision}`;
}

/** The Debian architecture of a TARGET_ARCH; undefined where Debian has none of that name. */
export function debArchitecture(targetArch: string, tuneFeatures: readonly string[]): string | undefined {
  if (/^i[3-6]86$/.test(targetArch)) return 'i386';
  if (targetArch === 'arm') return tuneFeatures.includes('callconvention-hard') ? 'armhf' : 'armel';
  return ARCHITECTURES.get(targetArch);
}

const ARCHITECTURES: ReadonlyMap<string, string> = new Map([
  ['x86_64', 'amd64'],
  ['aarch64', 'arm64'],
  ['riscv64', 'riscv64'],
  ['powerpc', 'powerpc'],
  ['powerpc64le', 'ppc64el'],
  ['mips', 'mips'],
  ['mipsel', 'mipsel'],
  ['mips64', 'mips64'],
  ['mips64el', 'mips64el'],
  ['s390x', 's390x'],
  ['loongarch64', 'loong64'],
]);

/** `libz1 (>= 1.2), bash`. */
export function debRelations(relations: readonly Relation[]): string {
  const texts = relations.map(({ name, versions }) =>
    versions === undefined ? debName(name) : `${debName(name)} (${SIGNS[versions.how]} ${versions.version})`,
  );
  return [...new Set(texts)].join(', ');
}

/** Reads a field that {@link debRelations} wrote. */
export function relationsIn(control: string, field: string): readonly Relation[] {
  const text = controlField(control, field).replaceAll('<<', '<').replaceAll('>>', '>').replaceAll(',', ' ');
  return parseRelations(text) ?? [];
}

/** One sign alone means "or the same" to Debian. */
const SIGNS = { '<': '<<', '<=': '<=', '=': '=', '>=': '>=', '>': '>>' } as const;
