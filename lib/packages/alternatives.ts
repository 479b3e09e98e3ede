/** Names that several packages have something for: which of a package's files they are, and the scripts that say so on a target. */
import { posix } from 'node:path';
import { readShellWords, shellWord } from '../terms/shell-word.ts';
import { whenRemoved } from './when-removed.ts';

/** What a package has for a name. Paths are on the target, with a slash in front. */
export interface Alternative {
  readonly package: string;
  readonly name: string;
  /** Where others look for it. */
  readonly link: string;
  readonly target: string;
  /** The highest one is taken. */
  readonly priority: number;
}

/** What stands at a path. */
export type Found = { readonly kind: 'dir' | 'file' } | { readonly kind: 'link'; readonly to: string };

/** A file that has another name in its package than the recipe gave it. */
export interface Renamed {
  readonly to: string;
  /** Where a link leads that leads to another one of them. */
  readonly link?: string;
}

export interface NamedAlternatives {
  readonly alternatives: readonly Alternative[];
  /** By path: what stood in the way of the link. */
  readonly renamed: ReadonlyMap<string, Renamed>;
  /** Those whose target is nowhere. */
  readonly missing: readonly Alternative[];
}

/** Has each target that is under the common name go by its recipe's name: `/bin/ls` becomes `/bin/ls.coreutils`. */
export function nameAlternatives(
  stated: readonly Alternative[],
  { ending, look }: { readonly ending: string; readonly look: (path: string) => Found | undefined },
): NamedAlternatives {
  const named = stated.map((one) =>
    one.link === one.target ? { ...one, target: one.target + ending } : one,
  );
  const moved = stated.filter(({ link, target }, index) => {
    const kind = look(target)?.kind;
    return link === target && kind !== undefined && kind !== 'dir' && !look(named[index]?.target ?? '');
  });
  const paths = new Set(moved.map(({ target }) => target));
  const renamed = new Map(
    moved.map(({ target }): readonly [string, Renamed] => {
      const found = look(target);
      const to = target + ending;
      if (found?.kind !== 'link' || !paths.has(posix.resolve(posix.dirname(target), found.to)))
        return [target, { to }];
      return [target, { to, link: found.to + ending }];
    }),
  );
  const targets = new Set([...renamed.values()].map(({ to }) => to));
  const isThere = ({ target }: Alternative): boolean => targets.has(target) || look(target) !== undefined;
  return {
    alternatives: named.filter(isThere),
    renamed,
    missing: stated.filter((_, index) => !named.slice(index, index + 1).some(isThere)),
  };
}

/** A line for each. */
export function formatAlternatives(alternatives: readonly Alternative[]): string {
  return alternatives
    .map((one) => `${one.package} ${one.name} ${one.link} ${one.target} ${one.priority}\n`)
    .join('');
}

/** Reads what {@link formatAlternatives} wrote. */
export function parseAlternatives(text: string): readonly Alternative[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [one = '', name = '', link = '', target = '', priority = ''] = line.split(' ');
      return { package: one, name, link, target, priority: Number(priority) };
    });
}

const OPENING = 'if command -v update-alternatives >/dev/null; then';
const INSTALL = '\tupdate-alternatives --install ';

/** What a postinst says of them; '' where there are none. */
export function installingScript(alternatives: readonly Alternative[]): string {
  if (alternatives.length === 0) return '';
  const lines = alternatives.map(
    ({ name, link, target, priority }) =>
      `${INSTALL}${[link, name, target, `${priority}`].map(shellWord).join(' ')}\n`,
  );
  return `${OPENING}\n${lines.join('')}fi\n`;
}

/** What a prerm says of them: nothing while a newer package takes the place of this one. */
export function removingScript(alternatives: readonly Alternative[]): string {
  if (alternatives.length === 0) return '';
  const lines = alternatives.map(
    ({ name, target }) => `\tupdate-alternatives --remove ${[name, target].map(shellWord).join(' ')}\n`,
  );
  return whenRemoved(`${OPENING}\n${lines.join('')}fi\n`);
}

/** Finds in a postinst what {@link installingScript} said. */
export function alternativesIn(script: string, one: string): readonly Alternative[] {
  const found: Alternative[] = [];
  let isInside = false;
  for (const line of script.split('\n')) {
    if (line === OPENING) isInside = true;
    else if (!line.startsWith(INSTALL)) isInside = false;
    else if (isInside) {
      const [link = '', name = '', target = '', priority = ''] = readShellWords(line.slice(INSTALL.length));
      found.push({ package: one, name, link, target, priority: Number(priority) });
    }
  }
  return found;
}
