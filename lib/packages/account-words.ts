/** What useradd, groupadd and groupmems are told: USERADD_PARAM and its like, and the same words in a package's script. */

export interface WantedGroup {
  readonly name: string;
  readonly id?: number;
  readonly isSystem: boolean;
  readonly password?: string;
  readonly shared: boolean;
}

export interface WantedUser {
  readonly name: string;
  readonly id?: number;
  readonly isSystem: boolean;
  readonly password?: string;
  /** It may have the number of another one. */
  readonly shared: boolean;
  /** Its first group, by name or number; undefined: one of its own, or `users`. */
  readonly group?: string;
  readonly ownGroup: boolean;
  readonly groups: readonly string[];
  readonly comment: string;
  readonly home: string;
  readonly shell: string;
  readonly createHome: boolean;
  readonly skeleton: string;
}

export interface WantedMember {
  readonly user: string;
  readonly group: string;
}

export type Program = 'groupadd' | 'useradd' | 'groupmems';

/** One call of such a program. */
export type AccountCall = { readonly words: readonly string[] } & (
  | { readonly program: 'groupadd'; readonly group: WantedGroup }
  | { readonly program: 'useradd'; readonly user: WantedUser }
  | { readonly program: 'groupmems'; readonly member: WantedMember }
);

/** Splits at `;` and blanks, but for those in quotes; a quote may have a backslash in front, as recipes write it. */
export function splitCalls(text: string): readonly (readonly string[])[] {
  const calls: string[][] = [[]];
  for (const [token] of text.replaceAll('\\"', '"').matchAll(/;|(?:"[^"]*"|'[^']*'|[^\s;"'])+/g)) {
    if (token === ';') calls.push([]);
    else
      calls
        .at(-1)
        ?.push(token.replaceAll(/"([^"]*)"|'([^']*)'/g, (_, one?: string, two?: string) => one ?? two ?? ''));
  }
  return calls.filter((words) => words.length > 0);
}

/** Reads the words of one call; a text says what is wrong with them. */
export function readCall(program: Program, words: readonly string[]): AccountCall | string {
  const read = readOptions(words, OPTIONS[program]);
  if (typeof read === 'string') return read;
  const { given, rest } = read;
  const id = program === 'groupmems' ? undefined : given.get(program === 'useradd' ? 'uid' : 'gid');
  if (id !== undefined && !/^\d{1,9}$/.test(id)) return `${id} is no number`;
  const common = {
    isSystem: given.has('system'),
    shared: given.has('non-unique'),
    ...(id !== undefined && { id: Number(id) }),
    ...(given.has('password') && { password: given.get('password') ?? '' }),
  };
  if (program === 'groupmems') {
    const [user, group] = [given.get('add'), given.get('group')];
    if (user === undefined || group === undefined || rest.length > 0)
      return 'it is  --add USER --group GROUP';
    return { program, words, member: { user, group } };
  }
  const [name = '', ...others] = rest;
  if (others.length > 0) return `${others.join(' ')} follows the name`;
  if (!/^[A-Za-z_][\w.-]{0,31}\$?$/.test(name))
    return name === '' ? 'there is no name' : `${name} is no name`;
  if (program === 'groupadd') return { program, words, group: { ...common, name } };
  const wrong = [...given].find(([, value]) => /[:\n]/.test(value));
  if (wrong !== undefined) return `--${wrong[0]} has a colon in it`;
  const group = given.get('gid');
  return {
    program,
    words,
    user: {
      ...common,
      name,
      ...(group !== undefined && { group }),
      ownGroup: group === undefined && !given.has('no-user-group'),
      groups: (given.get('groups') ?? '').split(',').filter((one) => one !== ''),
      comment: given.get('comment') ?? '',
      home: given.get('home-dir') ?? `${given.get('base-dir') ?? '/home'}/${name}`,
      shell: given.get('shell') ?? '/bin/sh',
      createHome: given.has('create-home') && !given.has('no-create-home'),
      skeleton: given.get('skel') ?? '/etc/skel',
    },
  };
}

/** Short names by long ones; `=` behind a long one: it takes a value. */
const GROUP_OPTIONS = {
  force: 'f',
  'gid=': 'g',
  'key=': 'K',
  'non-unique': 'o',
  'password=': 'p',
  system: 'r',
};
const USER_OPTIONS = {
  'base-dir=': 'b',
  'comment=': 'c',
  'home-dir=': 'd',
  'expiredate=': 'e',
  'inactive=': 'f',
  'gid=': 'g',
  'groups=': 'G',
  'skel=': 'k',
  'key=': 'K',
  'no-log-init': 'l',
  'create-home': 'm',
  'no-create-home': 'M',
  'no-user-group': 'N',
  'non-unique': 'o',
  'password=': 'p',
  system: 'r',
  'shell=': 's',
  'uid=': 'u',
  'user-group': 'U',
};
const OPTIONS = {
  groupadd: GROUP_OPTIONS,
  useradd: USER_OPTIONS,
  groupmems: { 'add=': 'a', 'group=': 'g' },
} as const;

interface Options {
  readonly given: ReadonlyMap<string, string>;
  readonly rest: readonly string[];
}

/** As getopt_long: long names may be cut short, short ones stand together. */
function readOptions(words: readonly string[], known: Readonly<Record<string, string>>): Options | string {
  const given = new Map<string, string>();
  const rest: string[] = [];
  const waiting = [...words];
  const take = (name: string, value: string | undefined): string | undefined => {
    const needs = name.endsWith('=');
    const own = needs ? (value ?? waiting.shift()) : value;
    if (needs ? own === undefined : value !== undefined)
      return `--${name.replace('=', '')} ${needs ? 'needs a' : 'takes no'} value`;
    given.set(name.replace('=', ''), own ?? '');
    return undefined;
  };
  for (let word = waiting.shift(); word !== undefined; word = waiting.shift()) {
    const [, long, value] = /^--([\w-]+)(?:=(.*))?$/s.exec(word) ?? [];
    let wrong: string | undefined;
    if (long !== undefined) {
      const fits = Object.keys(known).filter((name) => name.startsWith(long));
      const name =
        fits.find((one) => one.replace('=', '') === long) ?? (fits.length === 1 ? fits[0] : undefined);
      wrong = name === undefined ? `it has no --${long}` : take(name, value);
    } else if (/^-\w/.test(word)) {
      for (let left = word.slice(1); left !== '' && wrong === undefined;) {
        const [name] = Object.entries(known).find(([, short]) => left.startsWith(short)) ?? [];
        const more = left.slice(1);
        wrong =
          name === undefined
            ? `it has no -${left[0]}`
            : take(name, name.endsWith('=') && more !== '' ? more : undefined);
        left = name?.endsWith('=') === true ? '' : more;
      }
    } else rest.push(word);
    if (wrong !== undefined) return wrong;
  }
  return { given, rest };
}
