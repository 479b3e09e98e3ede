/** Makes a function that makes a thing once for each key. */
export function byKey<A, T>(make: (argument: A) => T, key: (argument: A) => string): (argument: A) => T {
  const made = new Map<string, T>();
  return (argument) => {
    const name = key(argument);
    const value = made.get(name) ?? make(argument);
    made.set(name, value);
    return value;
  };
}
