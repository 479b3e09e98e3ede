/** What an ELF file says of itself, as far as two of them are compared. */
import { elfForm, elfNames, elfNumbers, type ElfForm, type ReadName } from './elf-fields.ts';
import { fileTypeName, machineName } from './elf-names.ts';
import { type ElfHeader, readElfHeaders } from './read-elf-headers.ts';
import { type ElfSymbol, readElfSymbols } from './read-elf-symbols.ts';

export interface Elf {
  /** `executable`, `shared object`, `object`, … */
  readonly type: string;
  readonly machine: string;
  /** `64 bits, little endian`. */
  readonly form: string;
  readonly soname?: string;
  readonly interpreter?: string;
  readonly runpath?: string;
  readonly buildId?: string;
  readonly needed: readonly string[];
  readonly sections: readonly ElfHeader[];
  /** What it defines. */
  readonly symbols: readonly ElfSymbol[];
  /** Names that it uses and does not define. */
  readonly uses: readonly string[];
}

/** What the dynamic linker goes by. */
export type ElfLinks = Pick<Elf, 'soname' | 'interpreter' | 'runpath' | 'needed'>;

/** Reads an ELF file; undefined where it is none, or damaged. Time and memory are bounded by its size. */
export function readElf(bytes: Buffer): Elf | undefined {
  return ifWhole(bytes, read);
}

/** Reads what a program or library is linked by; undefined where a file has no use for the dynamic linker. */
export function readElfLinks(bytes: Buffer): ElfLinks | undefined {
  return ifWhole(bytes, (whole) => {
    const parts = open(whole);
    const isLinked = parts.headers.some(({ type, content }) => type === DYNAMIC && content !== undefined);
    return isLinked ? linksOf(parts) : undefined;
  });
}

/** Whether it is a program or a library with more in it than what runs: debug information, names for a debugger. */
export function isUnstripped(bytes: Buffer): boolean {
  const found = ifWhole(bytes, (whole) => {
    const { form, headers } = open(whole);
    const type = elfNumbers(whole, form).half(16);
    const isExtra = headers.some((header) => header.type === SYMTAB || header.name.startsWith('.debug_'));
    return (type === EXECUTABLE || type === SHARED) && isExtra;
  });
  return found ?? false;
}

function ifWhole<T>(bytes: Buffer, read: (bytes: Buffer) => T): T | undefined {
  if (!isElf(bytes)) return undefined;
  try {
    return read(bytes);
  } catch (error) {
    // What a field leads to is not in the file.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Whether a file begins as ELF files do. */
export function isElf(bytes: Buffer): boolean {
  return bytes.length >= 16 && bytes.readUInt32BE(0) === 0x7f454c46;
}

export const BUILD_ID_SECTION = '.note.gnu.build-id';

const [EXECUTABLE, SHARED] = [2, 3];
const [SYMTAB, DYNAMIC] = [2, 6];

interface Parts {
  readonly form: ElfForm;
  readonly name: ReadName;
  readonly headers: readonly ElfHeader[];
}

function open(bytes: Buffer): Parts {
  const form = elfForm(bytes);
  const name = elfNames(bytes.length);
  return { form, name, headers: readElfHeaders(bytes, form, name) };
}

const contentOf = ({ headers }: Parts, wanted: string): Buffer | undefined =>
  headers.find((header) => header.name === wanted)?.content;

function read(bytes: Buffer): Elf {
  const parts = open(bytes);
  const { form, name, headers } = parts;
  const id = contentOf(parts, BUILD_ID_SECTION);
  const { isProgram, ...links } = linksOf(parts);
  const file = elfNumbers(bytes, form);
  return {
    type: isProgram ? 'executable' : fileTypeName(file.half(16)),
    machine: machineName(file.half(18)),
    form: `${form.wide ? 64 : 32} bits, ${form.little ? 'little' : 'big'} endian`,
    ...links,
    // Behind the note's own header, 12 bytes, and its name, GNU.
    ...(id && { buildId: id.toString('hex', 16) }),
    sections: headers.filter(({ type }) => type !== 0),
    ...readElfSymbols(headers, form, name),
  };
}

interface Links extends ElfLinks {
  /** Of the type of a shared object, and yet a program. */
  readonly isProgram: boolean;
}

const TAG = { needed: 1, soname: 14, rpath: 15, runpath: 29, flags: 0x6ffffffb } as const;
const IS_PROGRAM = 0x08000000;

function linksOf(parts: Parts): Links {
  const { headers, form, name } = parts;
  const interpreter = contentOf(parts, '.interp');
  const section = headers.find(({ type }) => type === DYNAMIC);
  const names = headers[section?.link ?? 0]?.content;
  const entries = section?.content === undefined ? [] : readTags(section.content, form);
  const all = (tag: number): readonly string[] =>
    names === undefined
      ? []
      : entries.filter((entry) => entry.tag === tag).map(({ value }) => name(names, value));
  const [soname] = all(TAG.soname);
  const runpath = all(TAG.runpath)[0] ?? all(TAG.rpath)[0];
  return {
    ...(interpreter && { interpreter: name(interpreter, 0) }),
    needed: all(TAG.needed),
    ...(soname === undefined ? {} : { soname }),
    ...(runpath === undefined ? {} : { runpath }),
    isProgram: entries.some(({ tag, value }) => tag === TAG.flags && (value & IS_PROGRAM) !== 0),
  };
}

function readTags(
  content: Buffer,
  form: ElfForm,
): readonly { readonly tag: number; readonly value: number }[] {
  const size = form.wide ? 8 : 4;
  const { long } = elfNumbers(content, form);
  const entries = Array.from({ length: Math.floor(content.length / size / 2) }, (_, index) => ({
    tag: long(index * size * 2),
    value: long(index * size * 2 + size),
  }));
  const end = entries.findIndex(({ tag }) => tag === 0);
  return end < 0 ? entries : entries.slice(0, end);
}
