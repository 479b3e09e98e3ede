/** A shell where a task ended: its WORKDIR, its environment, its sysroot. */
import { readEditing } from '../execution/edits/editing.ts';
import { resultsBelow } from '../execution/edits/results-below.ts';
import { holdBuildLock } from '../execution/holding/hold-build-lock.ts';
import { holdLease } from '../execution/holding/hold-lease.ts';
import { openHostTools } from '../execution/tools/open-host-tools.ts';
import { editsNumber } from '../execution/workdir/find-left.ts';
import { keepLeft } from '../execution/workdir/keep-left.ts';
import { obeyedRepositories } from '../execution/workdir/obeyed-repositories.ts';
import { refuseToTakeAway } from '../execution/workdir/refuse-in-use.ts';
import { createSite, type Site } from '../execution/workdir/site.ts';
import { moveWorkdir } from '../execution/workdir/workdir.ts';
import { loadMetadata, type Metadata } from '../layers/load-metadata.ts';
import type { World } from '../ports/world.ts';
import { splitTaskId } from '../terms/ids.ts';
import { VarveError } from '../terms/varve-error.ts';
import { leftEdits, type LeftEdits } from './comparing/left-edits.ts';
import { fillRecordedSysroot } from './record/fill-recorded-sysroot.ts';
import { findRecorded } from './record/find-recorded.ts';
import { openImportedShell } from './shells/open-imported-shell.ts';
import { openNamed } from './record/open-named.ts';
import { openRecord } from './record/open-record.ts';
import { resolveTreeRevision } from './record/resolve-revision.ts';
import type { ResolvedTree } from './record/resolved-revision.ts';
import { makeThenEnter, refuseUnmade } from './shells/refuse-unmade.ts';
import { runShell, type ShellEnded, type ShellRequest } from './shells/run-shell.ts';
import { warnThrough, type Say } from '../terms/say.ts';
import { shellRevision, workdirMeant } from './shells/shell-revision.ts';

/** Puts the WORKDIR there, keeps what a person had in it, runs a shell or one command, and tells what it left. */
export async function openShell(
  world: World,
  request: ShellRequest,
  say: Say,
): Promise<ShellEnded & { readonly edits?: LeftEdits }> {
  const named = openNamed(world, request.buildDir, request.rev);
  if (named.record.imported !== undefined) return openImportedShell(world, { ...request, named }, say);
  const revision = shellRevision(request.rev);
  const metadata = loadMetadata(world, {
    buildDir: request.buildDir,
    python: world.python,
    warn: warnThrough(say),
  });
  const site = createSite(world, metadata.places, metadata.recipe(revision.recipe));
  const letGo = await holdBuildLock(world, metadata.places, {
    what: `varve shell ${request.rev}`,
    wait: true,
    say,
  });
  const endLease = holdLease(world, site.gitDir);
  try {
    let task: string | undefined;
    try {
      if (revision.kind === 'artifact' && revision.build === undefined) enterAsItIs(world, site);
      else task = enter({ world, metadata, site }, workdirMeant(revision), say);
      openHostTools(world, metadata).link();
      for (const warning of obeyedRepositories(world.fs, site.workdir, { isWorkdir: true }))
        say(`warning: ${warning}`);
    } finally {
      letGo();
    }
    // A shell may stay open for days.
    named.record.release();
    const before = site.hasHistory() ? site.history().refs.head() : undefined;
    const result = runShell({ world, metadata, recipe: site.recipe, task }, request, say);
    const edits = await leftEdits({ world, metadata, site }, before, say);
    return { ...result, ...(edits && { edits }) };
  } finally {
    endLease();
  }
}

type TreeRevision = ReturnType<typeof shellRevision>;

function enterAsItIs(world: World, site: Site): void {
  if (world.fs.existsSync(site.workdir)) return;
  const { name } = site.recipe;
  throw new VarveError('usage', `${name} has no WORKDIR now`, {
    hints:
      site.newest('do_compile') === undefined
        ? [makeThenEnter(name, 'do_compile')]
        : [`varve shell ${name}:compile   puts it where do_compile ended`],
  });
}

interface Entering {
  readonly world: World;
  readonly metadata: Metadata;
  readonly site: Site;
}

/** The task whose environment and sysroot the shell has; undefined where the WORKDIR stands on none. */
function enter({ world, metadata, site }: Entering, revision: TreeRevision, say: Say): string | undefined {
  const { name } = site.recipe;
  const history = site.history();
  // First of all: the newest edits may be what is asked for.
  const left = keepLeft(world, site);
  const record = openRecord(world, metadata.places.buildDir);
  refuseUnmade(record, site, revision);
  const resolved = resolveTreeRevision(record, revision);
  if (resolved.commit === undefined) throw new Error(`${resolved.rev} was resolved without its commit`);
  if (
    left?.kind === 'edits' &&
    [left.commit, resultsBelow(site, left.commit)[0]?.id].includes(resolved.commit)
  ) {
    say(`note: the WORKDIR is as you edited it; varve edit drop ${name} puts it back`);
  } else {
    refuseToTakeAway(world, site, {
      staysAt: (commit) => commit === resolved.commit,
      further: () => [`varve restore ${resolved.rev} DIR   puts it into a directory`],
    });
    if (left?.kind === 'edits')
      say(
        `note: the WORKDIR had edits; they are kept, and varve shell ${name}:edited@${left.number} brings them back`,
      );
    for (const warning of moveWorkdir(world, site, resolved.commit)) say(`warning: ${warning}`);
  }
  history.link();
  tellDropped(site, resolved, say);
  const done = resultsBelow(site, resolved.commit)[0];
  const task = resolved.task ?? (done === undefined ? undefined : splitTaskId(done.task).task);
  if (task === undefined) return undefined;
  const { recipe } = findRecorded(
    record,
    { arch: resolved.arch, recipe: name },
    resolved.build === undefined ? undefined : String(resolved.build),
  );
  // What somebody tries in a sysroot stays until a task runs.
  const inputs = recipe.inputs(task) ?? [];
  fillRecordedSysroot(record, metadata, { recipe: site.recipe, inputs });
  return task;
}

/** What a build had made with them stays in the record. */
function tellDropped(site: Site, { rev, commit }: ResolvedTree, say: Say): void {
  if (commit === undefined || site.history().readTask(commit)?.edited !== true) return;
  if (readEditing(site) !== undefined) return;
  const edits = `${site.recipe.name}:edited@${editsNumber(site, commit)}`;
  say(`note: ${rev} was made with edits that were dropped since: ${edits}`);
}
