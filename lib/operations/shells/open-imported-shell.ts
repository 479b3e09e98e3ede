/** A shell where a task ended on another machine: in a copy, which goes when the shell ends. */
import { join } from 'node:path';
import { openHostTools } from '../../execution/tools/open-host-tools.ts';
import { obeyedRepositories } from '../../execution/workdir/obeyed-repositories.ts';
import { removeTree } from '../../execution/workdir/remove-tree.ts';
import { loadMetadata, type LoadedRecipe, type Metadata } from '../../layers/load-metadata.ts';
import { withWorkdir } from '../../layers/recipe-dirs.ts';
import type { World } from '../../ports/world.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { fillRecordedSysroot } from '../record/fill-recorded-sysroot.ts';
import { findRecorded } from '../record/find-recorded.ts';
import type { NamedIn } from '../record/open-named.ts';
import type { TheRecord } from '../record/open-record.ts';
import { resolveTreeRevision } from '../record/resolve-revision.ts';
import type { ResolvedTree } from '../record/resolved-revision.ts';
import { runShell, type ShellEnded, type ShellRequest } from './run-shell.ts';
import { warnThrough, type Say } from '../../terms/say.ts';
import { shellRevision, workdirMeant } from './shell-revision.ts';
import { writeResolved } from '../record/write-resolved.ts';

/** Puts a copy of what was imported into a temporary directory, with its sysroot, and runs a shell or one command there. */
export function openImportedShell(
  world: World,
  request: ShellRequest & { readonly named: NamedIn },
  say: Say,
): ShellEnded {
  const { record, rev } = request.named;
  const resolved = resolveTreeRevision(record, workdirMeant(shellRevision(rev)));
  const metadata = loadMetadata(world, {
    buildDir: request.buildDir,
    python: world.python,
    warn: warnThrough(say),
  });
  const scratch = world.fs.mkdtempSync(join(world.env['TMPDIR'] ?? '/tmp', 'varve-shell-'));
  try {
    const recipe = withWorkdir(recipeHere(metadata, resolved), join(scratch, resolved.recipe));
    const { workdir } = recipe.dirs;
    const warnings = [
      ...writeResolved(record, resolved, workdir).warnings,
      ...obeyedRepositories(world.fs, workdir),
    ];
    for (const warning of warnings) say(`warning: ${warning}`);
    fillSysroot({ record, metadata, scratch }, recipe, { resolved, say });
    openHostTools(world, metadata).link();
    say(`note: ${workdir} is a copy of ${resolved.rev}; it goes when the shell ends`);
    return runShell({ world, metadata, recipe, task: resolved.task }, request, say);
  } finally {
    removeTree(world, scratch);
  }
}

/** The environment is made from the recipe as it is here. */
function recipeHere(metadata: Metadata, { recipe, rev }: ResolvedTree): LoadedRecipe {
  const found = metadata.provider(recipe);
  if (found?.name === recipe) return found;
  throw new VarveError(
    'usage',
    `no layer here has a recipe ${recipe}, whose environment the shell would have`,
    {
      hints: [`varve restore ${rev} DIR   writes what was imported, for a shell of your own`],
    },
  );
}

interface Scene {
  readonly record: TheRecord;
  readonly metadata: Metadata;
  readonly scratch: string;
}

/** What was exported need not hold the artifacts below. */
function fillSysroot(
  { record, metadata, scratch }: Scene,
  recipe: LoadedRecipe,
  { resolved, say }: { readonly resolved: ResolvedTree; readonly say: Say },
): void {
  const build = resolved.build === undefined ? undefined : String(resolved.build);
  const { recipe: recorded } = findRecorded(record, resolved, build);
  const inputs = recorded.inputs(resolved.task ?? '') ?? [];
  try {
    const manifests = { ...record.places, tmpDir: join(scratch, 'tmp') };
    fillRecordedSysroot({ ...record, places: manifests }, metadata, { recipe, inputs });
  } catch (error) {
    if (!(error instanceof VarveError)) throw error;
    say(`warning: the sysroot is not filled: ${error.message}`);
  }
}
