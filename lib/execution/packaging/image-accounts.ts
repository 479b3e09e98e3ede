/** The users and groups of an image: those that its packages bring, with the numbers that they have there. */
import { readWhole } from '../../artifacts/read-tar.ts';
import type { TarHeader } from '../../artifacts/tar-header.ts';
import { accountsIn } from '../../packages/accounts-script.ts';
import { baseAccounts } from '../../packages/base-accounts.ts';
import {
  type Accounts,
  addAccounts,
  type PackageCall,
  readAccounts,
  writeAccounts,
} from '../../packages/system-accounts.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { shownPath } from '../../trees/raw-text.ts';
import { type Added, type RootedPackage, type Rootfs } from './compose-rootfs.ts';
import { homesOf } from './home-directories.ts';
import type { OpenPackage } from './open-package.ts';

export interface ImageAccounts {
  /** The packages, owners by number. */
  readonly packages: readonly RootedPackage[];
  /** What comes into the root: the files that name everybody, and homes. */
  add(root: Rootfs): readonly Added[];
}

const FILES = ['passwd', 'group', 'shadow'] as const;
type Texts = Partial<Record<(typeof FILES)[number], string>>;

/** Makes all that the preinsts would make. */
export function imageAccounts(packages: readonly OpenPackage[]): ImageAccounts {
  const calls = inOrder(packages.flatMap(({ name, preinst }) => accountsIn(preinst, name)));
  let found: Accounts | undefined;
  const accounts = (): Accounts => (found ??= addAccounts(knownIn(packages), calls));
  const numbered = packages.map(({ name, read }): RootedPackage => ({
    name,
    read: (visit) => read((header, content) => visit(byNumber(header, name, accounts), content)),
  }));
  return {
    packages: numbered,
    add: (root) =>
      calls.length === 0
        ? []
        : [...filesOf(accounts(), root), ...homesOf(accounts(), { calls, packages: numbered, root })],
  };
}

/** Groups before users, users before who joins a group; the first package by name first. */
function inOrder(calls: readonly PackageCall[]): readonly PackageCall[] {
  return (['groupadd', 'useradd', 'groupmems'] as const).flatMap((program) =>
    calls.filter((call) => call.program === program),
  );
}

/** Who is there before: as files of packages say, or else the names that every target knows. */
function knownIn(packages: readonly OpenPackage[]): Accounts {
  const texts: Texts = {};
  for (const { read } of packages)
    read(({ path, kind, size }, content) => {
      const name = FILES.find((one) => path === `etc/${one}`);
      if (name !== undefined && kind === 'file') texts[name] = readWhole(content, size).toString('utf8');
    });
  const base = baseAccounts();
  if (texts.passwd === undefined && texts.group === undefined) return base;
  const { passwd, group } = writeAccounts(base);
  return readAccounts({ passwd, group, shadow: '', ...texts });
}

function byNumber(header: TarHeader, one: string, accounts: () => Accounts): TarHeader {
  const { user, group, ...plain } = header;
  if (user === undefined && group === undefined) return header;
  const { users, groups } = accounts();
  const numberOf = (
    name: string | undefined,
    all: Accounts['users'] | Accounts['groups'],
    id: number,
  ): number => {
    if (name === undefined || name === 'root') return id;
    const known = all.get(name);
    if (known !== undefined) return known.id;
    throw new VarveError(
      'task',
      `/${shownPath(header.path)} of ${one} belongs to ${name}, whom no package of the image makes`,
      {
        hints: [
          `IMAGE_INSTALL takes the package whose USERADD_PARAM or GROUPADD_PARAM makes ${name}, or ${one} depends on it`,
        ],
      },
    );
  };
  return { ...plain, uid: numberOf(user, users, plain.uid), gid: numberOf(group, groups, plain.gid) };
}

/** As the tools of shadow leave them, where no package has them. */
const MODES = { passwd: 0o644, group: 0o644, shadow: 0o400 } as const;

function filesOf(accounts: Accounts, root: Rootfs): readonly Added[] {
  const { mtime = 0 } = root.at('')?.header ?? {};
  const texts = writeAccounts(accounts);
  return FILES.map((name): Added => {
    const path = `etc/${name}`;
    const { mode = MODES[name], uid = 0, gid = 0 } = root.at(path)?.header ?? {};
    const content = Buffer.from(texts[name]);
    return { header: { path, kind: 'file', mode, uid, gid, size: content.length, mtime, link: '' }, content };
  });
}
