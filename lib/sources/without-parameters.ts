/** The name of a local source as inputs tell it, without `;subdir=…` and the like; a path in it may follow these. */
export function withoutParameters(name: string): string {
  return name.replace(/;[^/]*/, '');
}
