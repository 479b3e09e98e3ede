/** Names so many of several, and counts the rest: `a, b and 3 more`. */
export function firstOf(names: readonly string[], most: number): string {
  const told = names.slice(0, most).join(', ');
  return names.length > most ? `${told} and ${names.length - most} more` : told;
}
