/** Users and groups of a target: /etc/passwd, /etc/group and /etc/shadow, and what is added to them. */
import { createHash } from 'node:crypto';
import { byCodeUnit } from '../terms/ids.ts';
import { VarveError } from '../terms/varve-error.ts';
import type { AccountCall, WantedGroup, WantedUser } from './account-words.ts';

export interface Group {
  readonly name: string;
  readonly id: number;
  readonly members: readonly string[];
  /** The line, but for its members. */
  readonly start: string;
}

export interface User {
  readonly name: string;
  readonly id: number;
  readonly group: number;
  readonly line: string;
}

export interface Accounts {
  readonly users: ReadonlyMap<string, User>;
  readonly groups: ReadonlyMap<string, Group>;
  /** Lines of /etc/shadow. */
  readonly shadow: readonly string[];
}

/** Reads the files; lines that are none of theirs are left out. */
export function readAccounts({
  passwd,
  group,
  shadow,
}: Readonly<Record<'passwd' | 'group' | 'shadow', string>>): Accounts {
  const users = linesOf(passwd).flatMap((line): User[] => {
    const [name = '', , id = '', own = ''] = line.split(':');
    return /^\d+:\d+$/.test(`${id}:${own}`) ? [{ name, id: Number(id), group: Number(own), line }] : [];
  });
  const groups = linesOf(group).flatMap((line): Group[] => {
    const [name = '', password = '', id = '', members = ''] = line.split(':');
    if (!/^\d+$/.test(id)) return [];
    const named = members.split(',').filter((one) => one !== '');
    return [{ name, id: Number(id), members: named, start: `${name}:${password}:${id}:` }];
  });
  return { users: byName(users), groups: byName(groups), shadow: linesOf(shadow) };
}

/** Writes the files. */
export function writeAccounts({
  users,
  groups,
  shadow,
}: Accounts): Record<'passwd' | 'group' | 'shadow', string> {
  const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
  return {
    passwd: text([...users.values()].map(({ line }) => line)),
    group: text([...groups.values()].map(({ start, members }) => start + members.join(','))),
    shadow: text(shadow),
  };
}

/** What a package has called for. */
export type PackageCall = AccountCall & { readonly package: string };

/**
 * Adds what is called for. Who is there already stays, the first call for a name counts. A number that is not given follows
 * from the name: of a system's own it is between 100 and 999, elsewhere the first free one from 1000 on in the order of names.
 */
export function addAccounts(known: Accounts, calls: readonly PackageCall[]): Accounts {
  const adding = { users: new Map(known.users), groups: new Map(known.groups), shadow: [...known.shadow] };
  const users = fresh(calls, known.users, (call) => (call.program === 'useradd' ? call.user : undefined));
  const groups = fresh(calls, known.groups, (call) => (call.program === 'groupadd' ? call.group : undefined));
  const ids = chooseIds(known, { users, groups });
  for (const [name, { wanted }] of groups) addGroup(adding, name, ids.groups.get(name) ?? 0, wanted);
  for (const [name, { wanted }] of users)
    if (wanted.ownGroup && !adding.groups.has(name)) addGroup(adding, name, ids.groups.get(name) ?? 0, {});
  for (const [name, { wanted, from }] of users) {
    const id = ids.users.get(name) ?? 0;
    const group = wanted.ownGroup ? name : (wanted.group ?? 'users');
    const gid = /^\d+$/.test(group) ? Number(group) : groupOf(adding, group, { user: name, from }).id;
    const { comment, home, shell } = wanted;
    adding.users.set(name, {
      name,
      id,
      group: gid,
      line: `${name}:x:${id}:${gid}:${comment}:${home}:${shell}`,
    });
    // Without the day of the last change: it would be the only thing that is not the same in the next image.
    const ages = wanted.isSystem ? '::::::' : ':0:99999:7:::';
    adding.shadow.push(`${name}:${wanted.password ?? '!'}:${ages}`);
    for (const other of wanted.groups) join(adding, { user: name, group: other, from });
  }
  for (const call of calls)
    if (call.program === 'groupmems') join(adding, { ...call.member, from: call.package });
  return adding;
}

interface Adding {
  readonly users: Map<string, User>;
  readonly groups: Map<string, Group>;
  readonly shadow: string[];
}

interface Fresh<W> {
  readonly wanted: W;
  readonly from: string;
}

/** The first call for each name that is not there, with the number that any of them gives. */
function fresh<W extends WantedGroup | WantedUser>(
  calls: readonly PackageCall[],
  known: ReadonlyMap<string, { readonly id: number }>,
  of: (call: PackageCall) => W | undefined,
): ReadonlyMap<string, Fresh<W>> {
  const found = new Map<string, Fresh<W>>();
  for (const call of calls) {
    const wanted = of(call);
    if (wanted === undefined) continue;
    const { name, id } = wanted;
    const before = found.get(name);
    const taken = known.get(name)?.id ?? before?.wanted.id;
    if (id !== undefined && taken !== undefined && id !== taken)
      throw wrong(
        `${name} is number ${taken}${before === undefined ? '' : ` in ${before.from}`} and ${id} in ${call.package}`,
      );
    if (known.has(name)) continue;
    if (before === undefined) found.set(name, { wanted, from: call.package });
    else if (id !== undefined) found.set(name, { ...before, wanted: { ...before.wanted, id } });
  }
  return new Map([...found].toSorted(([a], [b]) => byCodeUnit(a, b)));
}

interface Chosen {
  readonly users: ReadonlyMap<string, number>;
  readonly groups: ReadonlyMap<string, number>;
}

function chooseIds(
  known: Accounts,
  wanted: {
    readonly users: ReadonlyMap<string, Fresh<WantedUser>>;
    readonly groups: ReadonlyMap<string, Fresh<WantedGroup>>;
  },
): Chosen {
  const users = new Map<string, number>();
  const groups = new Map<string, number>();
  const holders = (kind: 'users' | 'groups'): Map<number, string> =>
    new Map([...known[kind].values()].map(({ id, name }) => [id, name]));
  const taken = { users: holders('users'), groups: holders('groups') };
  const take = (
    kind: 'users' | 'groups',
    { name, id, shared }: WantedGroup | WantedUser,
    from: string,
  ): void => {
    if (id === undefined) return;
    const other = taken[kind].get(id);
    if (other !== undefined && !shared)
      throw wrong(`${name} of ${from} is to be number ${id}, and so is ${other}`);
    taken[kind].set(id, name);
    (kind === 'users' ? users : groups).set(name, id);
  };
  for (const { wanted: one, from } of wanted.groups.values()) take('groups', one, from);
  for (const { wanted: one, from } of wanted.users.values()) take('users', one, from);
  const ownGroups = [...wanted.users.values()].flatMap(({ wanted: one }) =>
    one.ownGroup && !known.groups.has(one.name) && !wanted.groups.has(one.name) ? [one] : [],
  );
  const own = new Set(ownGroups.map(({ name }) => name));
  const give = (name: string, id: number): void => {
    if (wanted.users.has(name) && !users.has(name)) {
      users.set(name, id);
      taken.users.set(id, name);
    }
    if ((own.has(name) || wanted.groups.has(name)) && !groups.has(name)) {
      groups.set(name, id);
      taken.groups.set(id, name);
    }
  };
  const isFree = (id: number): boolean => !taken.users.has(id) && !taken.groups.has(id);
  // The group of a user with a number of its own has the same, where it can.
  for (const { name, id } of ownGroups) if (id !== undefined && !taken.groups.has(id)) give(name, id);
  const rest = new Map([...wanted.groups, ...wanted.users]);
  for (const [name, { wanted: one }] of [...rest].toSorted(([a], [b]) => byCodeUnit(a, b))) {
    const isOpen =
      (wanted.users.has(name) && !users.has(name)) ||
      (wanted.groups.has(name) && !groups.has(name)) ||
      (own.has(name) && !groups.has(name));
    if (isOpen) give(name, one.isSystem ? systemId(name, isFree) : ordinaryId(isFree));
  }
  return { users, groups };
}

const LOWEST = 100;
const SPAN = 900;

/** The same in every image where no other name has it. */
function systemId(name: string, isFree: (id: number) => boolean): number {
  const start = createHash('sha256').update(name).digest().readUInt32BE(0) % SPAN;
  for (let step = 0; step < SPAN; step++) {
    const id = LOWEST + ((start + step) % SPAN);
    if (isFree(id)) return id;
  }
  throw wrong(`no number below 1000 is left for ${name}`);
}

function ordinaryId(isFree: (id: number) => boolean): number {
  let id = 1000;
  while (!isFree(id)) id++;
  return id;
}

function addGroup(
  { groups }: Adding,
  name: string,
  id: number,
  { password }: Pick<WantedGroup, 'password'>,
): void {
  groups.set(name, { name, id, members: [], start: `${name}:${password ?? 'x'}:${id}:` });
}

function groupOf(
  { groups }: Adding,
  name: string,
  { user, from }: { readonly user: string; readonly from: string },
): Group {
  const found = groups.get(name);
  if (found !== undefined) return found;
  throw wrong(`${user} of ${from} is to be in group ${name}, which nobody makes`, [
    `GROUPADD_PARAM:${from} = "--system ${name}"   in its recipe makes it`,
  ]);
}

function join(
  adding: Adding,
  { user, group, from }: { readonly user: string; readonly group: string; readonly from: string },
): void {
  const found = groupOf(adding, group, { user, from });
  if (!adding.users.has(user))
    throw wrong(`${user} is to be in group ${group} in ${from}, and nobody makes that user`);
  if (found.members.includes(user)) return;
  adding.groups.set(group, { ...found, members: [...found.members, user] });
}

function wrong(text: string, hints: readonly string[] = []): VarveError {
  return new VarveError('metadata', text, {
    hints: [
      ...hints,
      'USERADD_PARAM and GROUPADD_PARAM of a recipe say who is made, -u and -g with which number',
    ],
  });
}

/** Of several lines with one name the first counts. */
function byName<T extends { readonly name: string }>(all: readonly T[]): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (const one of all) if (!found.has(one.name)) found.set(one.name, one);
  return found;
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}
