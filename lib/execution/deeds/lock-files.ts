/** `[lockfiles]`: tasks that name one file do not run at the same time. */
export interface Locks {
  with<T>(names: readonly string[], work: () => Promise<T>): Promise<T>;
}

/** Makes the locks of one build; in this process only, since one build at a time has the build directory. */
export function createLocks(): Locks {
  const last = new Map<string, Promise<unknown>>();
  return {
    async with(names, work) {
      const before = Promise.allSettled(names.map((name) => last.get(name) ?? Promise.resolve()));
      const own = before.then(work);
      for (const name of names) last.set(name, own);
      return own;
    },
  };
}
