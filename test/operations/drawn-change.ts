/** Changes of every kind, drawn by a seeded generator that knows what the cause is. */
import type { CauseKind } from '../../lib/signatures/name-change.ts';
import type { Name } from './drawn-layer.ts';

/** What is to be found out. */
export interface Truth {
  readonly kind: CauseKind;
  readonly name: string;
  readonly from?: string;
  readonly to?: string;
  /** `path:line` in the layer or in the build directory; a path alone for a file. */
  readonly at?: string;
  /** Where a statement is gone. */
  readonly was?: string;
  /** A word that the first line tells, where it does not tell the values: `+1 -0`. */
  readonly told?: string;
  /** What the recipe makes stays the same: once that is known, it is no cause for who needs the recipe. */
  readonly quiet?: true;
}

export interface Change {
  readonly what: string;
  /** New texts by path, relative to the layer or absolute; undefined: the file goes. */
  readonly edits: ReadonlyMap<string, string | undefined>;
  /** Undefined: nothing that any task depends on changed. */
  readonly truth: Truth | undefined;
}

export interface Drawing {
  readonly recipe: Name;
  /** The text of a file as it is now. */
  readonly read: (path: string) => string;
  /** A word that was not there before. */
  readonly word: () => string;
  readonly pick: <T>(from: readonly [T, ...T[]]) => T;
  readonly sha256: (text: string) => string;
  readonly localConf: string;
  readonly downloads: string;
}

export type Draw = (drawing: Drawing) => Change;

export const lineOf = (text: string, part: string): number =>
  text.slice(0, text.indexOf(part)).split('\n').length;
export const bb = (name: string): string => `recipes/${name}_1.0.bb`;

/** Replaces a line of a file; the truth is what the line sets. */
export function rewrite(
  { read }: Drawing,
  path: string,
  { line, by }: { readonly line: RegExp; readonly by: (found: RegExpExecArray) => string },
): {
  readonly edits: Change['edits'];
  readonly old: string;
  readonly found: RegExpExecArray;
  readonly at: string;
} {
  const text = read(path);
  const found = line.exec(text);
  if (found === null) throw new Error(`${path} has no ${line}`);
  const now = text.replace(found[0], () => by(found));
  return {
    edits: new Map([[path, now]]),
    old: found[1] ?? '',
    found,
    at: `${path}:${lineOf(text, found[0])}`,
  };
}

/** A variable that one statement sets. */
export function setVariable(name: string, pathOf: (drawing: Drawing) => string, operator = '='): Draw {
  return (drawing) => {
    const to = drawing.word();
    const path = pathOf(drawing);
    const line = new RegExp(`^${name} ${operator.replace('?', '\\?')} "(.*)"$`, 'm');
    const { edits, old, at } = rewrite(drawing, path, { line, by: () => `${name} ${operator} "${to}"` });
    return { what: `${name} in ${path}`, edits, truth: { kind: 'variable', name, from: old, to, at } };
  };
}

/** A line of a function. */
export function setLine(name: string, line: RegExp, pathOf: (drawing: Drawing) => string): Draw {
  return (drawing) => {
    const path = pathOf(drawing);
    const to = `echo ${drawing.word()}`;
    const text = drawing.read(path);
    const { edits, old } = rewrite(drawing, path, { line, by: () => `\t${to}` });
    const at = `${path}:${lineOf(text, `\n${name}() {`) + 1}`;
    return { what: `${name} in ${path}`, edits, truth: { kind: 'function', name, from: old, to, at } };
  };
}

/** A line added to a file. */
export function added(
  drawing: Drawing,
  path: string,
  line: string,
): { readonly edits: Change['edits']; readonly at: string } {
  const text = drawing.read(path);
  return { edits: new Map([[path, `${text}${line}\n`]]), at: `${path}:${text.split('\n').length}` };
}
