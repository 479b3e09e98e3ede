/** What a unit of systemd says of how it is enabled: its section [Install]. */

export interface UnitInstall {
  /** Where links to it are made, below the directory of links: `multi-user.target.wants/foo.service`. */
  readonly links: readonly string[];
  /** Units that are enabled with it. */
  readonly also: readonly string[];
}

const DIRECTORIES = { WantedBy: 'wants', RequiredBy: 'requires', UpheldBy: 'upholds' } as const;

/** Reads what enabling `unit`, `foo.service` or `getty@tty1.service`, means by its file; a template alone has a default instance or no links. */
export function readInstall(unit: string, text: string): UnitInstall {
  const said = installLines(text);
  const words = (key: string): readonly string[] =>
    said
      .filter((line) => line.key === key)
      .flatMap(({ value }) => value.split(/\s+/).filter((word) => word !== ''));
  const { prefix, instance: given, kind } = partsOf(unit);
  const instance = given === '' ? (words('DefaultInstance').at(-1) ?? '') : given;
  const name = given === '' ? `${prefix}@${instance}.${kind}` : unit;
  const expand = (word: string): string => expanded(word, { name, prefix, instance: instance ?? '' });
  const also = words('Also').map(expand);
  if (given === '' && instance === '') return { links: [], also };
  const wanted = Object.entries(DIRECTORIES).flatMap(([key, directory]) =>
    words(key).map((word) => `${expand(word)}.${directory}/${name}`),
  );
  // Of an instance another name that is a template's is an instance, too.
  const alias = (word: string): string => (given === undefined ? word : word.replace(/@\./, `@${given}.`));
  return { links: [...words('Alias').map((word) => alias(expand(word))), ...wanted], also };
}

/** The template that a unit is an instance of: `getty@.service`. */
export function templateOf(unit: string): string | undefined {
  const { prefix, instance, kind } = partsOf(unit);
  return instance === undefined || instance === '' ? undefined : `${prefix}@.${kind}`;
}

interface Parts {
  readonly prefix: string;
  /** '' of a template; undefined of a unit that has to do with none. */
  readonly instance: string | undefined;
  readonly kind: string;
}

function partsOf(unit: string): Parts {
  const [, prefix = unit, , instance, kind = ''] = /^([^@]*)(@(.*))?\.(\w+)$/s.exec(unit) ?? [];
  return { prefix, instance, kind };
}

/** Names in it may hold those of the unit itself. */
function expanded(
  word: string,
  { name, prefix, instance }: { readonly name: string; readonly prefix: string; readonly instance: string },
): string {
  const texts: Readonly<Record<string, string>> = {
    n: name,
    N: name.replace(/\.\w+$/, ''),
    p: prefix,
    j: prefix.slice(prefix.lastIndexOf('-') + 1),
    i: instance,
    '%': '%',
  };
  return word.replaceAll(/%(.)/g, (whole, sign: string) => texts[sign] ?? whole);
}

function installLines(text: string): readonly { readonly key: string; readonly value: string }[] {
  const found: { key: string; value: string }[] = [];
  let isInstall = false;
  for (const line of text.replaceAll(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    const [, section] = /^\s*\[(.*)\]\s*$/.exec(line) ?? [];
    if (section !== undefined) isInstall = section === 'Install';
    const [, key, value] = /^\s*(\w+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (isInstall && key !== undefined && value !== undefined) found.push({ key, value });
  }
  return found;
}
