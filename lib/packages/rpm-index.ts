/** What a feed says of its packages to dnf: the texts that createrepo_c would write, in repodata. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { byCodeUnit } from '../terms/ids.ts';
import type { RpmValues } from './rpm-header.ts';
import { RPM, SENSE } from './rpm-tags.ts';
import { pathsOf, rpmNumbers, type RpmPath, rpmText, rpmTexts } from './rpm-values.ts';

/** A package that a feed holds. */
export interface OfferedRpm {
  readonly values: RpmValues;
  readonly file: string;
  readonly size: number;
  readonly sha256: string;
  /** Where in the file the values are. */
  readonly start: number;
  readonly end: number;
  /** Bytes of the payload when it is unpacked. */
  readonly payloadSize: number;
}

/** What the index says of one package. */
export interface RpmIndexed {
  readonly file: string;
  /** To choose by. */
  readonly primary: string;
  /** All its paths. */
  readonly filelist: string;
}

export function indexedRpm(offered: OfferedRpm): RpmIndexed {
  return { file: offered.file, primary: primaryOf(offered), filelist: filelistOf(offered) };
}

/** Writes the files of an index, by their names in repodata. */
export function rpmIndex(
  packages: readonly RpmIndexed[],
): readonly (readonly [name: string, bytes: Buffer])[] {
  const sorted = packages.toSorted((a, b) => byCodeUnit(a.file, b.file));
  const parts = [
    indexPart('primary', 'metadata', { namespace: 'common', texts: sorted.map(({ primary }) => primary) }),
    indexPart('filelists', 'filelists', {
      namespace: 'filelists',
      texts: sorted.map(({ filelist }) => filelist),
    }),
  ];
  const data = parts.map(({ entry }) => entry).join('');
  const sum = createHash('sha256').update(data).digest('hex');
  const top = `${XML}<repomd xmlns="${SPACE}/repo" xmlns:rpm="${SPACE}/rpm">\n  <revision>${sum}</revision>\n${data}</repomd>\n`;
  return [...parts.map(({ file }) => file), ['repomd.xml', Buffer.from(top)]];
}

const XML = '<?xml version="1.0" encoding="UTF-8"?>\n';
const SPACE = 'http://linux.duke.edu/metadata';

/** One of the files, by a name that changes with its content, and what repomd.xml says of it. */
function indexPart(
  type: string,
  element: string,
  { namespace, texts }: { readonly namespace: string; readonly texts: readonly string[] },
): { readonly file: readonly [name: string, bytes: Buffer]; readonly entry: string } {
  const more = namespace === 'common' ? ` xmlns:rpm="${SPACE}/rpm"` : '';
  const open = `<${element} xmlns="${SPACE}/${namespace}"${more} packages="${texts.length}">`;
  const plain = Buffer.from(`${XML}${open}\n${texts.join('')}</${element}>\n`);
  const bytes = gzipSync(plain, { level: 9 });
  const sum = (of: Buffer): string => createHash('sha256').update(of).digest('hex');
  const name = `${sum(bytes)}-${type}.xml.gz`;
  const entry = `  <data type="${type}">
    <checksum type="sha256">${sum(bytes)}</checksum>
    <open-checksum type="sha256">${sum(plain)}</open-checksum>
    <location href="repodata/${name}"/>
    <size>${bytes.length}</size>
    <open-size>${plain.length}</open-size>
  </data>
`;
  return { file: [name, bytes], entry };
}

function primaryOf(offered: OfferedRpm): string {
  const { values, file, size, sha256, start, end, payloadSize } = offered;
  const text = (tag: number): string => xml(rpmText(values, tag));
  const time = rpmNumbers(values, RPM.buildTime)[0] ?? 0;
  const paths = pathsOf(values).filter(({ path }) => /^\/etc\/|bin\/|^\/usr\/lib\/sendmail$/.test(path));
  return `<package type="rpm">
  <name>${text(RPM.name)}</name>
  <arch>${text(RPM.arch)}</arch>
  ${versionElement(values)}
  <checksum type="sha256" pkgid="YES">${sha256}</checksum>
  <summary>${text(RPM.summary)}</summary>
  <description>${text(RPM.description)}</description>
  <packager>${text(RPM.packager)}</packager>
  <url>${text(RPM.url)}</url>
  <time file="${time}" build="${time}"/>
  <size package="${size}" installed="${rpmNumbers(values, RPM.size)[0] ?? 0}" archive="${payloadSize}"/>
  <location href="${xml(file)}"/>
  <format>
    <rpm:license>${text(RPM.license)}</rpm:license>
    <rpm:vendor></rpm:vendor>
    <rpm:group>${text(RPM.group)}</rpm:group>
    <rpm:buildhost>${text(RPM.buildHost)}</rpm:buildhost>
    <rpm:sourcerpm>${text(RPM.sourceRpm)}</rpm:sourcerpm>
    <rpm:header-range start="${start}" end="${end}"/>
${RELATIONS.map((kind) => relationsElement(values, kind)).join('')}${paths.map((one) => `    ${fileElement(one)}`).join('')}  </format>
</package>
`;
}

function filelistOf({ values, sha256 }: OfferedRpm): string {
  const text = (tag: number): string => xml(rpmText(values, tag));
  const files = pathsOf(values).map((one) => `  ${fileElement(one)}`);
  return `<package pkgid="${sha256}" name="${text(RPM.name)}" arch="${text(RPM.arch)}">
  ${versionElement(values)}
${files.join('')}</package>
`;
}

function versionElement(values: RpmValues): string {
  const text = (tag: number): string => xml(rpmText(values, tag));
  const epoch = rpmNumbers(values, RPM.epoch)[0] ?? 0;
  return `<version epoch="${epoch}" ver="${text(RPM.version)}" rel="${text(RPM.release)}"/>`;
}

const RELATIONS = ['provide', 'require', 'conflict', 'obsolete', 'suggest', 'recommend'] as const;

function relationsElement(values: RpmValues, kind: (typeof RELATIONS)[number]): string {
  const own = kind === 'require' ? entriesOf(values, 'provide') : [];
  // What a package has itself, nobody has to look for.
  const entries = [...new Set(entriesOf(values, kind))].filter(
    (entry) => !own.includes(entry.replace(' pre="1"', '')),
  );
  if (entries.length === 0) return '';
  return `    <rpm:${kind}s>\n${entries.map((entry) => `      ${entry}\n`).join('')}    </rpm:${kind}s>\n`;
}

function entriesOf(values: RpmValues, kind: (typeof RELATIONS)[number]): readonly string[] {
  const flags = rpmNumbers(values, RPM[`${kind}Flags`]);
  const versions = rpmTexts(values, RPM[`${kind}Version`]);
  return rpmTexts(values, RPM[`${kind}Name`]).flatMap((name, index) => {
    const flag = flags[index] ?? 0;
    if ((flag & SENSE.rpmlib) !== 0) return [];
    const before = kind === 'require' && (flag & (SENSE.preinst | SENSE.postinst)) !== 0 ? ' pre="1"' : '';
    return [`<rpm:entry name="${xml(name)}"${versionAttributes(flag, versions[index] ?? '')}${before}/>`];
  });
}

function versionAttributes(flag: number, text: string): string {
  const how = HOW.get(flag & (SENSE.less | SENSE.greater | SENSE.equal));
  if (how === undefined || text === '') return '';
  const [, epoch = '0', version = '', release] = /^(?:(\d+):)?(.*?)(?:-([^-]*))?$/.exec(text) ?? [];
  const rel = release === undefined ? '' : ` rel="${xml(release)}"`;
  return ` flags="${how}" epoch="${epoch}" ver="${xml(version)}"${rel}`;
}

const HOW: ReadonlyMap<number, string> = new Map([
  [SENSE.less, 'LT'],
  [SENSE.greater, 'GT'],
  [SENSE.equal, 'EQ'],
  [SENSE.less | SENSE.equal, 'LE'],
  [SENSE.greater | SENSE.equal, 'GE'],
]);

function fileElement({ path, isDir }: RpmPath): string {
  return `<file${isDir ? ' type="dir"' : ''}>${xml(path)}</file>\n`;
}

/** A raw text as XML has it, which takes no control character but tabs and line breaks. */
function xml(raw: string): string {
  return (
    Buffer.from(raw, 'latin1')
      .toString('utf8')
      // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
      .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '?')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
  );
}
