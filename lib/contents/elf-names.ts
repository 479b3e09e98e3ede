/** What the numbers in an ELF header are called. */

/** Names a machine (e_machine) as people do. */
export function machineName(number: number): string {
  return MACHINES.get(number) ?? `machine ${number}`;
}

const MACHINES: ReadonlyMap<number, string> = new Map([
  [2, 'SPARC'],
  [3, 'x86'],
  [4, '68k'],
  [8, 'MIPS'],
  [20, 'PowerPC'],
  [21, 'PowerPC64'],
  [22, 'S/390'],
  [40, 'ARM'],
  [42, 'SuperH'],
  [43, 'SPARC V9'],
  [62, 'x86-64'],
  [94, 'Xtensa'],
  [183, 'AArch64'],
  [189, 'MicroBlaze'],
  [243, 'RISC-V'],
  [247, 'BPF'],
  [258, 'LoongArch'],
]);

/** Names what kind of file it is (e_type). */
export function fileTypeName(number: number): string {
  return FILE_TYPES.get(number) ?? 'file';
}

const FILE_TYPES: ReadonlyMap<number, string> = new Map([
  [1, 'object'],
  [2, 'executable'],
  [3, 'shared object'],
  [4, 'core'],
]);

/** Names what a symbol is of (STT_…). */
export function symbolTypeName(number: number): string {
  return SYMBOL_TYPES.get(number) ?? 'symbol';
}

const SYMBOL_TYPES: ReadonlyMap<number, string> = new Map([
  [1, 'object'],
  [2, 'function'],
  [5, 'object'],
  [6, 'thread-local object'],
  [10, 'function'],
]);
