/** What a recipe is and what it is made of: enough for a bill of materials, wherever its packages come from. */
export interface RecipeOrigin {
  readonly name: string;
  readonly version: string;
  /** LICENSE as it is written. */
  readonly license: string;
  readonly homepage: string;
  readonly summary: string;
  /** By which names lists of vulnerabilities know it. */
  readonly cpes: readonly string[];
  /** The id of its artifact. */
  readonly artifact: string;
  /** A person's edits are in that, which no source or patch here has. */
  readonly edited?: true;
  readonly sources: readonly Source[];
  /** In the order in which they are applied. */
  readonly patches: readonly Source[];
}

/** A file or a revision that a recipe names in SRC_URI. */
export interface Source {
  /** `https://…`, `git://…`, or a path below the recipe's directories. */
  readonly name: string;
  readonly sha256?: string;
  readonly revision?: string;
}

export function formatOrigin(origin: RecipeOrigin): string {
  return `${JSON.stringify(origin, null, 2)}\n`;
}

/** Reads what {@link formatOrigin} wrote. */
export function parseOrigin(text: string): RecipeOrigin {
  return JSON.parse(text) as RecipeOrigin;
}

/** The names in CVE_PRODUCT, a `vendor:product` or `product` each, as CPE 2.3 writes them. */
export function cpesOf(products: readonly string[], version: string): readonly string[] {
  return products.map((product) => {
    const [name = '', vendor = '*'] = product.split(':').toReversed();
    const [of, called, at] = [vendor, name, version].map(quoted);
    return `cpe:2.3:*:${of}:${called}:${at}:*:*:*:*:*:*:*`;
  });
}

function quoted(text: string): string {
  return text === '*' ? text : text.replaceAll(/[^a-zA-Z0-9._-]/g, '\\$&');
}
