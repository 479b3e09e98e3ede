import type { Frame, PythonData, Value } from '../ports/python.ts';
import { RecipeSkipped } from './recipe-skipped.ts';

interface Call {
  readonly call: string;
  readonly args: readonly unknown[];
  /** Which copy is asked; left out: the datastore itself. */
  readonly on?: number;
  /** The line of a recipe's or class's Python that asks. */
  readonly at?: Frame;
}

/** The copies that Python made of a datastore; number 1 stands first. They live as long as it does. */
const copies = new WeakMap<PythonData, PythonData[]>();

/** Answers one question that Python asks of the datastore: a JSON line in, a JSON line out; never throws. */
export function answerPython(data: PythonData, request: string): string {
  try {
    const call = JSON.parse(request) as Call;
    const value = call.call === 'copy' ? makeCopy(data, call) : answer(asked(data, call), call);
    return JSON.stringify({ value: value ?? null });
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return JSON.stringify({ error: text, ...(error instanceof RecipeSkipped ? { skip: true } : {}) });
  }
}

function asked(data: PythonData, { on }: Call): PythonData {
  if (on === undefined) return data;
  const copy = copies.get(data)?.[on - 1];
  if (copy === undefined) throw new Error('a copy of d is used after what it was copied from is gone');
  return copy;
}

function makeCopy(data: PythonData, call: Call): number {
  const made = copies.get(data) ?? [];
  copies.set(data, made);
  return made.push(asked(data, call).copy());
}

function answer(data: PythonData, { call, args, at: asker }: Call): unknown {
  const at = asker === undefined ? {} : { at: asker };
  const text = (index: number): string => String(args[index]);
  const value = (index: number): Value => args[index] as Value;
  switch (call) {
    case 'get':
      return data.get(text(0), args[1] === true);
    case 'set':
      return data.set(text(0), value(1), asker);
    case 'delete':
      return data.delete(text(0), asker);
    case 'append':
      return data.append(text(0), text(1), {
        where: args[2] === 'prepend' ? 'prepend' : 'append',
        ...at,
      });
    case 'rename':
      return data.rename(text(0), text(1));
    case 'flag':
      return data.flag(text(0), text(1), args[2] === true);
    case 'setFlag':
      return data.setFlag(text(0), text(1), { value: value(2), ...at });
    case 'deleteFlag':
      return data.deleteFlag(text(0), text(1), asker);
    case 'hasOverrides':
      return data.hasOverrides(text(0));
    case 'shellFunctions':
      return data.shellFunctions(text(0));
    case 'setFilter':
      return data.setFilter(text(0), args[1] === null ? undefined : text(1));
    case 'handlers':
      return data.handlers();
    case 'flags':
      return data.flags(text(0));
    case 'expand':
      return data.expand(text(0));
    case 'names':
      return data.names();
    case 'warn':
      return data.warn(text(0), 'warning', asker);
    case 'error':
      return data.warn(text(0), 'error', asker);
    default:
      throw new Error(`Python asks for ${call}, which varve does not know`);
  }
}
