/** A package that another one asks for, or cannot bear: `zlib (>= 1.2)`. */
export interface Relation {
  readonly name: string;
  /** Of which versions that is so; absent: of all. */
  readonly versions?: { readonly how: '<' | '<=' | '=' | '>=' | '>'; readonly version: string };
}

/** Reads a list as RDEPENDS has it. Undefined: it is no such list. */
export function parseRelations(text: string): readonly Relation[] | undefined {
  const found: Relation[] = [];
  const rest = text.replaceAll(ONE, (_, name: string, how?: string, version?: string) => {
    const isBound = how !== undefined && version !== undefined;
    found.push(isBound ? { name, versions: { how: SIGNS[how] ?? (how as How), version } } : { name });
    return '';
  });
  return rest.trim() === '' ? found : undefined;
}

type How = NonNullable<Relation['versions']>['how'];

/** As Debian writes them, and others. */
const SIGNS: Readonly<Record<string, How>> = { '<<': '<', '>>': '>', '==': '=', '=<': '<=', '=>': '>=' };

const ONE = /([^\s()<>=]+)(?:\s*\(\s*(<=|>=|<<|>>|==|=<|=>|<|>|=)\s*([^\s()<>=]+)\s*\))?(?![^\s(])/g;
