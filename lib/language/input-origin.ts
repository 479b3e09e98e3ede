import { hash } from 'node:crypto';
import type { Input, InputPart } from '../terms/inputs.ts';
import type { Datastore, Origin } from './datastore.ts';

/**
 * Tells which statements an input comes from: those that had a part in the text, and before them those of variables of
 * which the text holds only answers.
 */
export function inputOrigin(
  data: Datastore,
  { own: stated, asked }: { readonly own: readonly Origin[]; readonly asked: Iterable<string> },
): Pick<Input, 'at' | 'parts'> {
  const own = inForce(stated);
  const answers = [...asked].flatMap((name) =>
    name === 'FILE' ? fileItself(data) : inForce(data.origins(name)).map(partOf),
  );
  const last = own.at(-1);
  if (answers.length === 0 && own.length === 1 && last !== undefined) return { at: placeOf(last) };
  const parts = [...answers, ...own.map(partOf)];
  const at = parts.at(-1)?.at;
  return at === undefined ? {} : { at, parts };
}

/** Without each `??=` where another statement gives the value, wherever it stands. */
function inForce(stated: readonly Origin[]): readonly Origin[] {
  return stated.some(({ operation }) => GIVING.test(operation))
    ? stated.filter(({ operation }) => operation !== 'set??')
    : stated;
}

/** Statements after which the text of a `??=` is not the value, nor a part of it. */
const GIVING = /^(?:override\[.*\]:)?(?:set\??|immediate)$/;

/** What a recipe's name and version come from where nothing sets them. */
function fileItself(data: Datastore): readonly InputPart[] {
  const file = data.get('FILE') ?? '';
  return [{ at: file, mark: markOf(file) }];
}

const placeOf = ({ file, line }: Origin): string => `${file}:${line}`;

const marks = new WeakMap<Origin, string>();

function partOf(origin: Origin): InputPart {
  const mark = marks.get(origin) ?? markOf(`${origin.operation}\0${origin.detail}`);
  marks.set(origin, mark);
  return { at: placeOf(origin), mark };
}

function markOf(text: string): string {
  return hash('sha256', text).slice(0, 8);
}
