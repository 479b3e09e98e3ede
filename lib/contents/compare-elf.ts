/** What changed from one ELF file to another: the most telling first. */
import type {
  ChangeStatus,
  ContentChange,
  NeedChange,
  PartChange,
  Sizes,
  SymbolChange,
} from './content-change.ts';
import { BUILD_ID_SECTION, type Elf } from './read-elf.ts';
import type { ElfHeader } from './read-elf-headers.ts';
import type { ElfSymbol } from './read-elf-symbols.ts';

/** Compares what two ELF files say of themselves; nothing where only bytes outside of all sections differ. */
export function compareElf(from: Elf, to: Elf): readonly ContentChange[] {
  return weighElf(from, to).flat();
}

/** The same in groups, the most telling first; as many groups for any two files. */
export function weighElf(from: Elf, to: Elf): readonly (readonly ContentChange[])[] {
  const fact = factsOf(from, to);
  const symbols = compareSymbols(from.symbols, to.symbols);
  const sections = compareSections(from.sections, to.sections);
  return [
    fact('type', 'machine', 'form', 'soname', 'interpreter'),
    compareNames('needed', from.needed, to.needed),
    fact('runpath'),
    symbols.filter(({ exported, status }) => exported && status !== 'M'),
    compareNames('used', from.uses, to.uses),
    symbols.filter(({ exported, status }) => !exported && status !== 'M'),
    symbols.filter(({ status }) => status === 'M').toSorted(byGrowth),
    sections.filter(({ isProgram }) => isProgram).map(({ change }) => change),
    sections.filter(({ isProgram }) => !isProgram).map(({ change }) => change),
    fact('buildId'),
  ];
}

type FactName = 'type' | 'machine' | 'form' | 'soname' | 'interpreter' | 'runpath' | 'buildId';

function factsOf(from: Elf, to: Elf): (...names: readonly FactName[]) => readonly ContentChange[] {
  return (...names) =>
    names.flatMap((key): readonly ContentChange[] => {
      const [old, now] = [from[key], to[key]];
      if (old === now) return [];
      const name = key === 'buildId' ? 'build id' : key;
      const sides = { ...(old !== undefined && { from: old }), ...(now !== undefined && { to: now }) };
      return [{ kind: 'fact', status: statusOf(old, now), name, ...sides }];
    });
}

function statusOf(from: unknown, to: unknown): ChangeStatus {
  return from === undefined ? 'A' : to === undefined ? 'D' : 'M';
}

function compareNames(
  kind: 'needed' | 'used',
  from: readonly string[],
  to: readonly string[],
): readonly NeedChange[] {
  const [old, now] = [new Set(from), new Set(to)];
  const only = (status: 'A' | 'D', names: Set<string>, others: Set<string>): readonly NeedChange[] =>
    [...names].filter((name) => !others.has(name)).map((name) => ({ kind, status, name }));
  return [...only('D', old, now), ...only('A', now, old)];
}

function compareSymbols(from: readonly ElfSymbol[], to: readonly ElfSymbol[]): readonly SymbolChange[] {
  const [old, now] = [summed(from), summed(to)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((key): readonly SymbolChange[] => {
    const [a, b] = [old.get(key), now.get(key)];
    const either = b ?? a;
    if (either === undefined || a?.size === b?.size) return [];
    const { name, type, exported } = either;
    return [{ kind: 'symbol', status: statusOf(a, b), name, type, exported, ...sizes(a, b) }];
  });
}

/** Symbols of one name, as the static ones of several sources, count together. */
function summed(symbols: readonly ElfSymbol[]): ReadonlyMap<string, ElfSymbol> {
  const sums = new Map<string, ElfSymbol>();
  for (const symbol of symbols) {
    const key = `${symbol.type} ${symbol.exported} ${symbol.name}`;
    sums.set(key, { ...symbol, size: symbol.size + (sums.get(key)?.size ?? 0) });
  }
  return sums;
}

interface SectionChange {
  readonly isProgram: boolean;
  readonly change: PartChange;
}

/** Sections of one name count together: an object has one for each function, if it was compiled so. */
function compareSections(from: readonly ElfHeader[], to: readonly ElfHeader[]): readonly SectionChange[] {
  const [old, now] = [byName(from), byName(to)];
  const changes = [...new Set([...old.keys(), ...now.keys()])].flatMap((name): readonly SectionChange[] => {
    const [a, b] = [old.get(name), now.get(name)];
    if (a !== undefined && b !== undefined && sameContent(a, b)) return [];
    const isProgram = (b ?? a)?.some((section) => section.isProgram) ?? false;
    const change = { kind: 'section', status: statusOf(a, b), name } as const;
    return [{ isProgram, change: { ...change, ...sizes(a && sizeOf(a), b && sizeOf(b)) } }];
  });
  return changes.toSorted((a, b) => byGrowth(a.change, b.change));
}

function byName(sections: readonly ElfHeader[]): ReadonlyMap<string, readonly ElfHeader[]> {
  const named = new Map<string, ElfHeader[]>();
  for (const section of sections) {
    // Told as a fact.
    if (section.name === BUILD_ID_SECTION) continue;
    const own = named.get(section.name);
    if (own === undefined) named.set(section.name, [section]);
    else own.push(section);
  }
  return named;
}

function sizeOf(sections: readonly ElfHeader[]): { readonly size: number } {
  return { size: sections.reduce((sum, { size }) => sum + size, 0) };
}

function sameContent(a: readonly ElfHeader[], b: readonly ElfHeader[]): boolean {
  const nothing = Buffer.alloc(0);
  return (
    a.length === b.length &&
    a.every((section, i) => {
      const other = b[i];
      return section.size === other?.size && (section.content ?? nothing).equals(other.content ?? nothing);
    })
  );
}

function sizes(from: { readonly size: number } | undefined, to: typeof from): Sizes {
  return { ...(from && { from: { size: from.size } }), ...(to && { to: { size: to.size } }) };
}

/** What grew or shrank most comes first; what is on one side only with its whole size. */
function byGrowth(a: Sizes, b: Sizes): number {
  const growth = ({ from, to }: Sizes): number => Math.abs((to?.size ?? 0) - (from?.size ?? 0));
  return growth(b) - growth(a);
}
