/** Makes equal parts of plain data one object: a thousand recipes say most of what they say in the same words. */
export interface Sharing {
  /** The same data; what is in its lists is shared with what was given before. */
  share<T>(value: T): T;
  /** Shares nothing from now on, and forgets what it was given: to find it again takes as much memory as sharing saves. */
  end(): void;
}

/** Begins with nothing to share. */
export function createSharing(): Sharing {
  const texts = new Map<string, string>();
  const objects = new Map<string, unknown>();
  const inList = (value: unknown): unknown => {
    if (typeof value === 'string') return firstOf(texts, value, () => value);
    if (isObject(value)) return firstOf(objects, JSON.stringify(value), () => mapped(value, inList));
    return Array.isArray(value) ? list(value) : value;
  };
  // Few lists hold all that another one holds: to look for it costs more than it saves.
  const list = (value: readonly unknown[]): readonly unknown[] =>
    value.length === 0 ? empty : value.map(inList);
  const outside = (value: unknown): unknown => {
    if (Array.isArray(value)) return list(value);
    return isObject(value) ? mapped(value, outside) : value;
  };
  let ended = false;
  return {
    share: <T>(value: T) => (ended ? value : (outside(value) as T)),
    end() {
      ended = true;
      for (const known of [texts, objects]) known.clear();
    },
  };
}

const empty: readonly unknown[] = [];

function firstOf<T>(known: Map<string, T>, key: string, make: () => T): T {
  const first = known.get(key);
  if (first !== undefined) return first;
  const made = make();
  known.set(key, made);
  return made;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mapped(value: object, map: (part: unknown) => unknown): object {
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, map(part)]));
}
