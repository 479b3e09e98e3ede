import { type ElfForm, elfNumbers, type ReadName } from './elf-fields.ts';
import { symbolTypeName } from './elf-names.ts';
import type { ElfHeader } from './read-elf-headers.ts';

export interface ElfSymbol {
  readonly name: string;
  /** `function`, `object`, … */
  readonly type: string;
  /** Others may link to it. */
  readonly exported: boolean;
  readonly size: number;
}

export interface ElfSymbols {
  /** What the file defines. */
  readonly symbols: readonly ElfSymbol[];
  /** Names that it uses and does not define. */
  readonly uses: readonly string[];
}

const [SYMTAB, DYNSYM] = [2, 11];
const [NOTYPE, SECTION, FILE] = [0, 3, 4];
const WIDE = { step: 24, info: 4, other: 5, section: 6, size: 16 } as const;
const NARROW = { step: 16, info: 12, other: 13, section: 14, size: 8 } as const;

/** Reads the table of all symbols where there is one, else what is left of it: those that a program is linked by. */
export function readElfSymbols(headers: readonly ElfHeader[], form: ElfForm, name: ReadName): ElfSymbols {
  const read = (wanted: number): readonly Row[] | undefined => {
    const table = headers.find(({ type }) => type === wanted);
    const names = headers[table?.link ?? 0]?.content;
    return table?.content === undefined || names === undefined
      ? undefined
      : readRows(table.content, form, (at) => name(names, at));
  };
  const linked = read(DYNSYM);
  const all = read(SYMTAB) ?? linked ?? [];
  const others = linked && new Set(linked.filter(isDefined).map((row) => row.name));
  return {
    symbols: all.filter(isDefined).map((row) => ({
      name: row.name,
      type: symbolTypeName(row.type),
      // The name of one that has a version ends with it.
      exported: row.global && (others === undefined || others.has(row.name.replace(/@.*/, ''))),
      size: row.size,
    })),
    uses: (linked ?? all).filter(({ section, global }) => section === 0 && global).map((row) => row.name),
  };
}

interface Row {
  readonly name: string;
  readonly type: number;
  readonly section: number;
  /** For other files too, and not hidden from them. */
  readonly global: boolean;
  readonly size: number;
}

/** Without type are labels: of the linker where they are global, else of the assembler. */
function isDefined({ section, type, global }: Row): boolean {
  return section !== 0 && type !== SECTION && type !== FILE && (type !== NOTYPE || global);
}

function readRows(content: Buffer, form: ElfForm, name: (at: number) => string): readonly Row[] {
  const numbers = elfNumbers(content, form);
  const at = form.wide ? WIDE : NARROW;
  return Array.from({ length: Math.floor(content.length / at.step) }, (_, index): Row => {
    const start = index * at.step;
    const info = numbers.byte(start + at.info);
    const visibility = numbers.byte(start + at.other) & 3;
    return {
      name: name(numbers.word(start)),
      type: info & 15,
      section: numbers.half(start + at.section),
      global: info >> 4 !== 0 && (visibility === 0 || visibility === 3),
      size: numbers.long(start + at.size),
    };
  }).filter((row) => row.name !== '');
}
