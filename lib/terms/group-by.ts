/** Groups values by a name that each has, in the order in which the names first come. */
export function groupBy<V>(
  values: readonly V[],
  nameOf: (value: V) => string,
): ReadonlyMap<string, readonly V[]> {
  const groups = new Map<string, V[]>();
  for (const value of values) {
    const group = groups.get(nameOf(value));
    if (group === undefined) groups.set(nameOf(value), [value]);
    else group.push(value);
  }
  return groups;
}
