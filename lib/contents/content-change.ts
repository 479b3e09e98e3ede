/** What changed inside a file whose bytes say nothing to people. */

/** A: only the later side has it, D: only the earlier one, M: both, otherwise. */
export type ChangeStatus = 'A' | 'M' | 'D';

interface Change<Status = ChangeStatus> {
  readonly status: Status;
  readonly name: string;
  /** In which object of a static library. */
  readonly member?: string;
}

/** Sizes in bytes, on the sides where it is. */
export interface Sizes {
  readonly from?: { readonly size: number };
  readonly to?: { readonly size: number };
}

/** What there is once: the machine, `soname`, `build id`, … */
export interface FactChange extends Change {
  readonly kind: 'fact';
  readonly from?: string;
  readonly to?: string;
}

/** Libraries that are needed; names that are used and defined elsewhere. */
export interface NeedChange extends Change<'A' | 'D'> {
  readonly kind: 'needed' | 'used';
}

export interface SymbolChange extends Change, Sizes {
  readonly kind: 'symbol';
  /** `function`, `object`, … */
  readonly type: string;
  /** Others may link to it. */
  readonly exported: boolean;
}

/** A section, or an object of a static library; of the same size on both sides: with other content. */
export interface PartChange extends Change, Sizes {
  readonly kind: 'section' | 'member';
}

export type ContentChange = FactChange | NeedChange | SymbolChange | PartChange;

export interface ContentDifference {
  readonly format: 'elf' | 'ar';
  /** What both sides are, for people: `ELF shared objects`. */
  readonly what: string;
  /** The most telling first. */
  readonly changes: readonly ContentChange[];
}
