/** A task finds in its sysroots what artifacts hold and nothing else, whoever wrote there meanwhile. */
import { relative } from 'node:path';
import type { Applied } from '../../sysroot/apply-sysroot.ts';
import { shownPath } from '../../trees/raw-text.ts';
import type { Site } from '../workdir/site.ts';
import type { Doing } from './doing.ts';
import { stageSysroots, type Sysroots } from './stage-sysroots.ts';

/** How many paths are told. */
const TOLD = 5;

/**
 * Fills the sysroots of a task before it runs. The first time in a build every file is looked at: a person, or a task that
 * no walls kept from it, may have changed one. Answers what is to be told of it.
 */
export function enterSysroots(doing: Doing, site: Site, sysroots: Sysroots): readonly string[] {
  const { context, lookedAt } = doing;
  const applied = stageSysroots({ ...context, verify: !lookedAt.has(site.recipe.name) }, site, sysroots);
  lookedAt.add(site.recipe.name);
  return tampering(site, applied, (path, how) => {
    return `${path} was ${how} by somebody, which is put right again: a sysroot is filled from artifacts only`;
  });
}

/** Puts right what the task did to its sysroots, and says it. */
export function leaveSysroots({ context }: Doing, site: Site, sysroots: Sysroots): readonly string[] {
  // Behind the walls of namespaces a sysroot is read-only.
  if (context.runner.kind === 'namespaces') return [];
  return tampering(site, stageSysroots({ ...context, verify: true }, site, sysroots), (path, how) => {
    return `it ${how} ${path}, which is put right again: a task writes below its WORKDIR only, and not into its sysroot`;
  });
}

function tampering(
  { workdir, recipe }: Site,
  applied: { readonly target: Applied; readonly native: Applied },
  tell: (path: string, how: string) => string,
): readonly string[] {
  const { sysroot, sysrootNative } = recipe.dirs;
  const told = ([dir, { tampered }]: readonly [string, Applied]): readonly string[] =>
    tampered.slice(0, TOLD).map(({ path, how }) => tell(`${relative(workdir, dir)}/${shownPath(path)}`, how));
  return [[sysroot, applied.target] as const, [sysrootNative, applied.native] as const].flatMap(told);
}
