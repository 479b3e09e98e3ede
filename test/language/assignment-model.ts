/**
 * What BitBake's manual says of assignments, overrides, late operations, flags and names, worked out anew for each
 * question from plain records: nothing is remembered, nothing shared.
 */

export type Line =
  | { readonly kind: 'assign'; readonly name: string; readonly operator: string; readonly text: string }
  | {
      readonly kind: 'late';
      readonly name: string;
      readonly keyword: string;
      /** All of them must be active. */
      readonly when: readonly string[];
      readonly text: string;
    }
  | { readonly kind: 'unset' }
  | {
      readonly kind: 'flag';
      readonly name: string;
      readonly flag: string;
      readonly operator: string;
      readonly text: string;
    }
  | { readonly kind: 'unset-flag'; readonly flag: string };

/** The line as it stands in a file. */
export function written(line: Line): string {
  switch (line.kind) {
    case 'assign':
      return `${line.name} ${line.operator} "${line.text}"`;
    case 'late':
      return `${[line.name, line.keyword, ...line.when].join(':')} = "${line.text}"`;
    case 'unset':
      return 'unset A';
    case 'flag':
      return `${line.name}[${line.flag}] ${line.operator} "${line.text}"`;
    case 'unset-flag':
      return `unset A[${line.flag}]`;
    default:
      return line satisfies never;
  }
}

export function isLine<K extends Line['kind']>(kind: K): (line: Line) => line is Extract<Line, { kind: K }> {
  return (line): line is Extract<Line, { kind: K }> => line.kind === kind;
}

interface Late {
  readonly keyword: string;
  readonly when: readonly string[];
  readonly text: string;
}

interface Cell {
  value?: string;
  weak?: string;
  late: Late[];
  flags: Record<string, string>;
  weakFlags: Record<string, string>;
}

export interface Model {
  readonly cells: Record<string, Cell>;
  /** Names that stand for the name before a suffix of theirs; `unset` of that name puts them out of force. */
  readonly standsFor: Set<string>;
}

/** Works a sequence of statements out. */
export function replay(lines: readonly Line[]): Model {
  const model: Model = { cells: {}, standsFor: new Set() };
  for (const line of lines) carryOut(model, line);
  return model;
}

function carryOut(model: Model, line: Line): void {
  switch (line.kind) {
    case 'assign':
      return assign(model, line);
    case 'late':
      cellOf(model, line.name).late.push(line);
      return stand(model, line.name);
    case 'unset':
      return forget(model, 'A');
    case 'flag': {
      const { flags, weakFlags } = cellOf(model, line.name);
      if (line.operator === '??=') weakFlags[line.flag] = line.text;
      else flags[line.flag] = combined(flags[line.flag], line);
      return;
    }
    case 'unset-flag': {
      const { flags, weakFlags } = cellOf(model, 'A');
      if (flags[line.flag] === undefined) return;
      delete flags[line.flag];
      delete weakFlags[line.flag];
      return;
    }
    default:
      return line satisfies never;
  }
}

function assign(model: Model, line: Extract<Line, { kind: 'assign' }>): void {
  const cell = cellOf(model, line.name);
  if (line.operator === '??=') cell.weak = line.text;
  else cell.value = combined(cell.value, line);
  stand(model, line.name);
}

function combined(
  old: string | undefined,
  { operator, text }: { readonly operator: string; readonly text: string },
): string {
  const before = old ?? '';
  const results: Readonly<Record<string, string>> = {
    '=': text,
    '?=': old ?? text,
    '+=': `${before} ${text}`,
    '=+': `${text} ${before}`,
    '.=': `${before}${text}`,
    '=.': `${text}${before}`,
  };
  return results[operator] ?? '';
}

function cellOf({ cells }: Model, name: string): Cell {
  cells[name] ??= { late: [], flags: {}, weakFlags: {} };
  return cells[name];
}

/** `A:x:y` stands for A:x where y is active, and for A where both are; a reference is no override. */
function stand({ standsFor }: Model, name: string): void {
  const parts = name.split(':');
  for (let length = parts.length - 1; length > 0; length--) {
    if (parts[length]?.startsWith('$') === true) return;
    standsFor.add(`${name} for ${parts.slice(0, length).join(':')}`);
  }
}

function forget({ cells, standsFor }: Model, name: string): void {
  delete cells[name];
  for (const one of standsFor) {
    if (one.endsWith(` for ${name}`) || one.startsWith(`${name} for `)) standsFor.delete(one);
  }
}

/** The value of a name, expanded: here nothing is to be expanded. */
export function valueOf(model: Model, name: string, active: readonly string[]): string | undefined {
  return evaluate(model, name, active).value;
}

interface Evaluated {
  readonly raw: string | undefined;
  readonly value: string | undefined;
  /** The removals that took something out. */
  readonly took: readonly string[];
}

function evaluate(model: Model, name: string, active: readonly string[]): Evaluated {
  const winner = strongest(model, name, active);
  const over = winner === undefined ? undefined : evaluate(model, winner, active);
  const cell = model.cells[name];
  const applying = (cell?.late ?? []).filter(({ when }) => when.every((one) => active.includes(one)));
  const texts = (keyword: string): string[] =>
    applying.filter((late) => late.keyword === keyword).map((late) => late.text);
  const [before, after] = [texts('prepend').toReversed(), texts('append')];
  const own = over?.raw ?? cell?.value ?? cell?.weak;
  const isSet = own !== undefined || before.length + after.length > 0;
  const raw = isSet ? [...before, own ?? '', ...after].join('') : undefined;
  if (raw === undefined || raw === '') return { raw, value: raw, took: [] };
  const removals = [...(over?.took ?? []), ...texts('remove')];
  const parts = raw.split(/(\s)/);
  const hits = (removal: string, part: string): boolean => removal.split(/\s+/).includes(part) && part !== '';
  return {
    raw,
    value: parts.filter((part) => !removals.some((removal) => hits(removal, part))).join(''),
    took: removals.filter((removal) => parts.some((part) => hits(removal, part))),
  };
}

/**
 * The name that stands for another: going through the overrides again and again from the weakest, each name loses its
 * last part when that comes up. The one that has lost all its parts last wins.
 */
function strongest({ standsFor }: Model, name: string, active: readonly string[]): string | undefined {
  const running = [...standsFor]
    .filter((one) => one.endsWith(` for ${name}`))
    .map((one) => one.slice(0, -` for ${name}`.length))
    .map((one) => ({ one, times: timesOf(one.slice(name.length + 1).split(':'), active) }))
    .filter(({ times }) => times !== undefined)
    .sort((a, b) => later(a.times, b.times));
  return running.at(-1)?.one;
}

/**
 * When each of these parts is taken away, as steps through the overrides, the end first; undefined: one of them is not
 * active.
 */
function timesOf(parts: readonly string[], active: readonly string[]): readonly number[] | undefined {
  if (!parts.every((part) => active.includes(part))) return undefined;
  const times: number[] = [];
  for (const part of parts.toReversed()) {
    let time = (times[0] ?? -1) + 1;
    while (active[time % active.length] !== part) time++;
    times.unshift(time);
  }
  return times;
}

/** Of two that end at the same time, the one that became the same name later takes the place of the other. */
function later(a: readonly number[] = [], b: readonly number[] = []): number {
  const [longer, other] = a.length < b.length ? [b, a] : [a, b];
  const at = longer.findIndex((time, index) => time !== other[index]);
  return at < 0 ? 0 : (a[at] ?? -1) - (b[at] ?? -1);
}

/** The flags of a name, weak ones where there is nothing else. */
export function flagsOf({ cells }: Model, name: string): Readonly<Record<string, string>> {
  return { ...cells[name]?.weakFlags, ...cells[name]?.flags };
}

/** Gives each name its final form, in the order of the names: `${N}` is `one`. Flags are lost on the way. */
export function rename(model: Model, active: readonly string[]): Model {
  const held = [...model.standsFor]
    .map((one) => one.split(' for ')[1] ?? '')
    .filter((name) => strongest(model, name, active) !== undefined);
  const names = new Set([...Object.keys(model.cells), ...held]);
  for (const name of [...names].filter((one) => one.includes('$')).sort()) {
    move(model, name, name.replaceAll('${N}', 'one'));
  }
  return model;
}

function move(model: Model, from: string, to: string): void {
  const { weak, value = weak, late = [] } = model.cells[from] ?? {};
  const standing = [...model.standsFor].filter((one) => one.endsWith(` for ${from}`));
  if (value !== undefined) cellOf(model, to).value = value;
  if (late.length > 0) cellOf(model, to).late.push(...late);
  // What stood for the final name before does so no more, as in BitBake.
  if (standing.length > 0) {
    for (const one of model.standsFor) if (one.endsWith(` for ${to}`)) model.standsFor.delete(one);
  }
  for (const one of standing) {
    const name = one.slice(0, -` for ${from}`.length);
    const final = name.replaceAll(from, to);
    model.standsFor.add(`${final} for ${to}`);
    if (final !== name) move(model, name, final);
  }
  if (value === undefined && late.length === 0 && standing.length === 0) return;
  stand(model, to);
  forget(model, from);
}
