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
  const shared = (value: unknown): unknown => {
    if (typeof value === 'string') return firstOf(texts, value, () => value);
    if (typeof value !== 'object' || value === null) return value;
    return firstOf(objects, JSON.stringify(value), () => mapped(value, shared));
  };
  const inLists = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.length === 0 ? shared(value) : value.map(shared);
    return typeof value === 'object' && value !== null ? mapped(value, inLists) : value;
  };
  let ended = false;
  return {
    share: <T>(value: T) => (ended ? value : (inLists(value) as T)),
    end() {
      ended = true;
      for (const known of [texts, objects]) known.clear();
    },
  };
}

function firstOf<T>(known: Map<string, T>, key: string, make: () => T): T {
  const first = known.get(key) ?? make();
  known.set(key, first);
  return first;
}

function mapped(value: object, map: (part: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(map);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, map(part)]));
}
