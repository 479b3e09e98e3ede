import { weighElf } from './compare-elf.ts';
import type { ContentChange } from './content-change.ts';
import type { ArchiveMember } from './read-archive.ts';
import { readElf } from './read-elf.ts';

/**
 * Compares two static libraries: which objects they hold, then what changed in these. What is telling of one object
 * comes before what is less so of another: the debug information of the first would hide the code of the last.
 */
export function compareArchives(
  from: readonly ArchiveMember[],
  to: readonly ArchiveMember[],
): readonly ContentChange[] {
  const [old, now] = [byName(from), byName(to)];
  const lone = (status: 'A' | 'D', side: 'from' | 'to', name: string, size: number): ContentChange => ({
    kind: 'member',
    status,
    name,
    [side]: { size },
  });
  const gone = [...old].filter(([name]) => !now.has(name));
  const come = [...now].filter(([name]) => !old.has(name));
  const inBoth = [...now].flatMap(([name, member]) => {
    const before = old.get(name);
    return before === undefined ? [] : [compareMembers(name, before, member)];
  });
  const groups = Math.max(0, ...inBoth.map(({ length }) => length));
  const weighed = Array.from({ length: groups }, (_, group) =>
    inBoth.flatMap((member) => member[group] ?? []),
  );
  return [
    ...gone.map(([name, { content }]) => lone('D', 'from', name, content.length)),
    ...come.map(([name, { content }]) => lone('A', 'to', name, content.length)),
    ...weighed.flat(),
    ...headers(old, now),
  ];
}

/** A name that stands there twice is told apart by its turn. */
function byName(members: readonly ArchiveMember[]): ReadonlyMap<string, ArchiveMember> {
  const turns = new Map<string, number>();
  return new Map(
    members.map((member) => {
      const turn = (turns.get(member.name) ?? 0) + 1;
      turns.set(member.name, turn);
      return [turn === 1 ? member.name : `${member.name} (${turn})`, member];
    }),
  );
}

/** In groups, the most telling first. */
function compareMembers(
  name: string,
  from: ArchiveMember,
  to: ArchiveMember,
): readonly (readonly ContentChange[])[] {
  if (from.content.equals(to.content)) return [];
  const [old, now] = [readElf(from.content), readElf(to.content)];
  const inside = old === undefined || now === undefined ? [] : weighElf(old, now);
  if (inside.some((group) => group.length > 0))
    return inside.map((group) => group.map((change) => ({ ...change, member: name })));
  const sides = { from: { size: from.content.length }, to: { size: to.content.length } };
  return [[{ kind: 'member', status: 'M', name, ...sides }]];
}

/** Times, owners, modes and the order of members: said once, they seldom matter. */
function headers(
  old: ReadonlyMap<string, ArchiveMember>,
  now: ReadonlyMap<string, ArchiveMember>,
): readonly ContentChange[] {
  const facts = [...now].some(([name, { facts: own }]) => (old.get(name)?.facts ?? own) !== own);
  const common = (members: Iterable<string>, others: ReadonlyMap<string, unknown>): string =>
    JSON.stringify([...members].filter((name) => others.has(name)));
  const moved = common(old.keys(), now) !== common(now.keys(), old);
  return [
    ...(facts ? [{ kind: 'fact', status: 'M', name: 'times, owners or modes of members' } as const] : []),
    ...(moved ? [{ kind: 'fact', status: 'M', name: 'order of members' } as const] : []),
  ];
}
