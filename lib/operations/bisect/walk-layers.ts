/** The walk over the commits of the repository that layers stand in, in a clone of it below tmp. */
import { basename, join, relative } from 'node:path';
import type { Metadata } from '../../layers/load-metadata.ts';
import type { World } from '../../ports/world.ts';
import { isWholeCommitId } from '../../terms/ids.ts';
import { isBelow } from '../../terms/is-below.ts';
import { VarveError } from '../../terms/varve-error.ts';
import type { NamedIn } from '../record/open-named.ts';
import { gitSays, openCommitHistory, shortId, type CommitHistory } from './commit-history.ts';
import type { CommitWalk, Ends } from './commit-walk.ts';

export interface WalkRequest extends Ends {
  /** Finds the build that an end names; undefined where it is a commit. */
  readonly buildOf: (end: string) => NamedIn | undefined;
  readonly metadata: Metadata;
  /** A layer, or a directory of the repository; undefined: the one that has both ends. */
  readonly repo: string | undefined;
  /** Where the scratch build directory and what belongs to it stand. */
  readonly scratch: string;
}

/** A repository of layers in which both ends were found. */
interface Line {
  readonly history: CommitHistory;
  readonly good: string;
  readonly bad: string;
}

/** Finds the repository that is meant; undefined where both ends are commits of no layer's. */
export function walkLayers(world: World, request: WalkRequest): CommitWalk | undefined {
  const lines = linesOf(world, request);
  const changed = lines.filter(({ good, bad }) => good !== bad);
  if (changed.length > 1) throw severalChanged(request, changed);
  const line = changed[0] ?? lines[0];
  if (line === undefined) return undefined;
  if (line.good === line.bad) throw sameCommit(line);
  return walkIn(world, request, line);
}

function walkIn(world: World, { metadata, scratch }: WalkRequest, { history, good, bad }: Line): CommitWalk {
  const clone = join(scratch, 'layers');
  const moved = (path: string): string =>
    path === history.dir || isBelow(path, history.dir) ? join(clone, relative(history.dir, path)) : path;
  const layers = metadata.layers.map(({ path }) => moved(path));
  cloneAnew(world, history.dir, clone);
  return {
    history,
    copy: clone,
    good,
    bad,
    allDiffer: false,
    settings: () => ({ layers, lines: [] }),
    enter(commit) {
      const done = gitSays(world, ['-C', clone, 'checkout', '--quiet', '--detach', '--force', commit]);
      if (done === undefined) throw cannotBe(history, `checked out at ${shortId(commit)}`);
      gitSays(world, ['-C', clone, 'clean', '--quiet', '-ffdx']);
    },
    ownPath: (path) => (isBelow(path, clone) ? join(history.dir, relative(clone, path)) : path),
  };
}

/** Takes no objects along: they are read where they are. */
function cloneAnew(world: World, from: string, to: string): void {
  world.fs.rmSync(to, { recursive: true, force: true });
  const done = gitSays(world, ['clone', '--quiet', '--shared', '--no-checkout', '--', from, to]);
  if (done === undefined) throw cannotBe({ dir: from }, 'cloned');
}

function linesOf(world: World, { buildOf, metadata, repo, good, bad }: WalkRequest): readonly Line[] {
  const wanted = metadata.layers.filter(
    ({ name, path }) => repo === undefined || isMeant(world, repo, { name, path }),
  );
  const tops = new Map(
    wanted.flatMap(({ name, path }) => {
      const top = gitSays(world, ['-C', path, 'rev-parse', '--show-toplevel'])?.trim();
      return top === undefined ? [] : [[top, name] as const];
    }),
  );
  return [...tops].flatMap(([top, layer]) => {
    const history = openCommitHistory(world, top);
    const resolve = (end: string): string | undefined => {
      const build = buildOf(end);
      const spoken = build === undefined ? end : revisionIn(build, layer);
      return spoken === undefined ? undefined : history.resolve(spoken);
    };
    const [from, to] = [resolve(good), resolve(bad)];
    return from === undefined || to === undefined ? [] : [{ history, good: from, bad: to }];
  });
}

function isMeant(
  { cwd }: World,
  repo: string,
  { name, path }: { readonly name: string; readonly path: string },
): boolean {
  const dir = join(repo.startsWith('/') ? '' : cwd, repo).replace(/\/$/, '');
  return name === repo || basename(path) === repo || path === dir || isBelow(path, dir);
}

/** Which commit of a layer a build was made from; undefined where it was not in git. */
function revisionIn({ record, rev }: NamedIn, layer: string): string | undefined {
  const asked = record.build(rev).asked();
  const line = asked.split('\n').find((each) => each.startsWith(`layer ${layer} `));
  const revision = line?.split(' ')[3];
  return isWholeCommitId(revision) ? revision : undefined;
}

function severalChanged({ good, bad, metadata }: WalkRequest, lines: readonly Line[]): VarveError {
  const names = lines.map(
    ({ history }) =>
      metadata.layers.find(({ path }) => path === history.dir || isBelow(path, history.dir))?.name ??
      history.dir,
  );
  return new VarveError('usage', `several layers changed between ${good} and ${bad}: ${names.join(', ')}`, {
    hints: names.map((name) => `--repo ${name}   searches its commits; the others stay as they are now`),
  });
}

function sameCommit({ history, good }: Line): VarveError {
  return new VarveError('usage', `${history.dir} was at commit ${shortId(good)} at both ends`, {
    hints: [
      '--good HEAD~20 --bad HEAD   names commits',
      'varve why @A @B   tells what else changed between two builds',
    ],
  });
}

function cannotBe({ dir }: { readonly dir: string }, what: string): VarveError {
  return new VarveError('usage', `the repository ${dir} cannot be ${what}`, {
    hints: [`git -C ${dir} fsck`, 'the program git must be in PATH'],
  });
}
