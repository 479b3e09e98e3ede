/** What rpm knows of what is installed: its database, as rpm 4.16 and later read it where they know of no other form. */
import { encodeInstalled, type RpmValue, type RpmValues } from './rpm-header.ts';
import { RPM, RPM_INSTALLED, RPM_SIGNATURE, SENSE } from './rpm-tags.ts';
import { rpmNumbers, rpmText, rpmTexts } from './rpm-values.ts';
import { encodeSqlite, type SqliteTable, type SqliteValue } from './sqlite-file.ts';

/** A package as an .rpm tells of it. */
export interface InstalledRpm {
  /** What it says of itself, with its magic number, byte for byte. */
  readonly header: Buffer;
  readonly values: RpmValues;
  /** What the file says of its checksums. */
  readonly signature: RpmValues;
}

/**
 * Writes the database of these packages: the same packages are the same bytes. Each was installed when it was built, and all its
 * files are there. rpm makes the indexes that SQLite would search by when it first changes something.
 */
export function rpmDatabase(packages: readonly InstalledRpm[]): Buffer {
  return encodeSqlite([
    {
      name: 'Packages',
      sql: "CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT,blob BLOB NOT NULL)",
      rows: packages.map((one, index) => ({ id: index + 1, values: [null, installed(one)] })),
    },
    {
      name: 'sqlite_sequence',
      sql: 'CREATE TABLE sqlite_sequence(name,seq)',
      rows: [{ id: 1, values: ['Packages', packages.length] }],
    },
    ...TABLES.map(([name, texts]) => lookUp(name, packages.map(texts))),
    // By transaction and by a sum that these packages have not: nothing is to be found by them.
    ...['Installtid', 'Sigmd5'].map((name) => lookUp(name, [], 'BLOB')),
  ]);
}

/** What of a package each table finds it by; undefined: not by this one. */
const TABLES: readonly (readonly [
  name: string,
  texts: (one: InstalledRpm) => readonly (string | undefined)[],
])[] = [
  ['Name', told(RPM.name)],
  ['Basenames', told(RPM.baseNames)],
  ['Group', told(RPM.group)],
  ['Requirename', needed],
  ['Providename', told(RPM.provideName)],
  ['Conflictname', told(RPM.conflictName)],
  ['Obsoletename', told(RPM.obsoleteName)],
  ['Triggername', () => []],
  ['Dirnames', told(RPM.dirNames)],
  ['Sha1header', ({ signature }) => [rpmText(signature, RPM_SIGNATURE.sha1)]],
  ['Filetriggername', () => []],
  ['Transfiletriggername', () => []],
  ['Recommendname', told(RPM.recommendName)],
  ['Suggestname', told(RPM.suggestName)],
  ['Supplementname', () => []],
  ['Enhancename', () => []],
];

function told(tag: number): (one: InstalledRpm) => readonly string[] {
  return ({ values }) => rpmTexts(values, tag);
}

/** What was only needed to install it is not needed any more. */
function needed({ values }: InstalledRpm): readonly (string | undefined)[] {
  const flags = rpmNumbers(values, RPM.requireFlags);
  const once = SENSE.preinst | SENSE.postinst | SENSE.rpmlib;
  const later = SENSE.prerm | SENSE.postrm;
  const isOver = (flag = 0): boolean => (flag & once) !== 0 && (flag & later) === 0;
  return rpmTexts(values, RPM.requireName).map((name, index) => (isOver(flags[index]) ? undefined : name));
}

/** A table by whose keys packages are found: a row for each text, with the number of the package and of the text in it. */
function lookUp(
  name: string,
  keys: readonly (readonly (string | undefined)[])[],
  type: 'TEXT' | 'BLOB' = 'TEXT',
): SqliteTable {
  const rows = keys.flatMap((texts, index) =>
    texts.flatMap((text, at): readonly (readonly SqliteValue[])[] =>
      text === undefined ? [] : [[text, index + 1, at]],
    ),
  );
  return {
    name,
    sql: `CREATE TABLE '${name}' (key '${type}' NOT NULL, hnum INTEGER NOT NULL, idx INTEGER NOT NULL, FOREIGN KEY (hnum) REFERENCES 'Packages'(hnum))`,
    rows: rows.map((values, index) => ({ id: index + 1, values })),
  };
}

function installed({ header, values, signature }: InstalledRpm): Buffer {
  const number = (value = 0): RpmValue => ({ type: 'int32', values: [value] });
  const text = (tag: number): RpmValue => ({ type: 'string', values: [rpmText(signature, tag)] });
  const there = rpmTexts(values, RPM.baseNames).map(() => 0);
  return encodeInstalled(
    header,
    new Map<number, RpmValue>([
      [RPM_INSTALLED.size, number(rpmNumbers(signature, RPM_SIGNATURE.size)[0])],
      [RPM_SIGNATURE.sha1, text(RPM_SIGNATURE.sha1)],
      [RPM_SIGNATURE.sha256, text(RPM_SIGNATURE.sha256)],
      [RPM_INSTALLED.time, number(rpmNumbers(values, RPM.buildTime)[0])],
      [RPM_INSTALLED.fileStates, { type: 'chars', values: there }],
      [RPM_INSTALLED.payloadSize, number(rpmNumbers(signature, RPM_SIGNATURE.payloadSize)[0])],
    ]),
  );
}
