import type { SharedLibrary } from '../../packages/shared-libraries.ts';
import type { Datastore } from '../../language/datastore.ts';
import { installTask } from '../../graph/arrange-tasks.ts';
import { applyPatches, type AppliedPatch } from '../../sources/apply-patches.ts';
import { checkLicenses } from '../../sources/check-licenses.ts';
import { copyLicenses } from '../../sources/copy-licenses.ts';
import { fetchSources } from '../../sources/fetch-sources.ts';
import { sourceDirAdvice } from '../../sources/source-dir-advice.ts';
import { sourceInputs } from '../../sources/source-inputs.ts';
import { unpackSources } from '../../sources/unpack-sources.ts';
import { taskId, type TaskId, type TreeId } from '../../terms/ids.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { listEntries } from '../../trees/list-entries.ts';
import { below, DEFAULT_IMAGE } from '../../trees/tree-metadata.ts';
import type { BuildContext } from '../build-context.ts';
import { licenseContextOf } from '../outline/license-context-of.ts';
import type { RecipeArtifact } from '../packaging/recipe-artifact.ts';
import { isEdited } from './doing.ts';
import { describeRecipe } from '../packaging/describe-recipe.ts';
import { installPackages } from '../packaging/install-packages.ts';
import { openDeb } from '../packaging/read-deb.ts';
import type { OpenPackage } from '../packaging/open-package.ts';
import { openRpm } from '../packaging/open-rpm.ts';
import { writeAlternatives } from '../packaging/name-alternatives.ts';
import { writeUnits } from '../packaging/name-units.ts';
import { splitPackages, type Splitting } from '../packaging/split-packages.ts';
import { readLibraries } from '../packaging/read-libraries.ts';
import { debForm } from '../packaging/deb-form.ts';
import { rpmForm } from '../packaging/rpm-form.ts';
import { type PackageWriting, writePackages } from '../packaging/write-packages.ts';
import { unstagedScript } from '../packaging/unstaged-script.ts';
import { writeImage } from '../packaging/write-image.ts';
import { writePackagedata } from '../packaging/write-packagedata.ts';
import { countingArtifact } from '../results/why-not-here.ts';
import type { LocalArtifact, Site } from '../workdir/site.ts';
import { sourceContextOf } from '../outline/source-context-of.ts';
import type { SysrootPart } from '../../sysroot/compose-sysroot.ts';
import { sysrootDirs } from './stage-sysroots.ts';
import type { NativeCall } from '../task/split-body.ts';

/** Makes the function that does what varve does itself in a task, and tells the task's log. */
export function nativeDeeds(
  context: BuildContext,
  site: Site,
  { log, onPatch }: { readonly log: string; readonly onPatch: (patch: AppliedPatch) => void },
): NativeCall {
  const line = (text: string): void => context.world.fs.appendFileSync(log, `${text}\n`);
  const sources = sourceContextOf(site.recipe, { ...context, log: line });
  const warn = (task: string, text: string, hints: readonly string[] = []): void => {
    for (const part of [`WARNING: ${text}`, ...hints]) line(part);
    const { name } = site.recipe;
    context.emit({
      event: 'message',
      level: 'warning',
      about: `${name}:${task}`,
      text: `${name}: ${text}`,
      hints,
    });
  };
  const id = (task: string): TaskId => taskId(site.recipe.name, task);
  const packagesTo = (task: string): PackageWriting => ({
    fs: context.world.fs,
    site,
    tree: packagesIn(context, site),
    offered: librariesFor(context, id(task)),
    warn: (text, hints) => warn(task, text, hints),
  });
  const splittingWith = (data: Datastore): Splitting => ({
    fs: context.world.fs,
    recipe: { ...site.recipe, data },
    warn: (text, hints) => warn('do_package', text, hints),
  });
  return async (name, data) => {
    switch (name) {
      case 'fetch':
        return fetchSources(sources);
      case 'unpack':
        // What do_fetch brought may have been deleted since: DL_DIR is not part of the record.
        await fetchSources(sources);
        return unpackSources(sources);
      case 'check_source_dir': {
        const advice = sourceDirAdvice(sources);
        if (advice !== undefined) warn('do_unpack', advice.problem, [advice.hint]);
        return undefined;
      }
      case 'patch':
        for (const warning of applyPatches(sources, onPatch).warnings) warn('do_patch', warning);
        return undefined;
      case 'check_licenses':
        return checkLicenses(licenseContextOf(site.recipe, { ...context, log: line }));
      case 'copy_licenses': {
        const licenses = licenseContextOf(site.recipe, { ...context, log: line });
        // Those of COMMON_LICENSE_DIR may have changed since they were checked.
        checkLicenses(licenses);
        return copyLicenses({
          ...licenses,
          fs: context.world.fs,
          to: site.recipe.data.get('LICSSTATEDIR') ?? '',
        });
      }
      case 'stage':
        // Every task finds its sysroots filled.
        return undefined;
      case 'split_packages':
        return splitPackages(splittingWith(data));
      case 'name_alternatives':
        return writeAlternatives(splittingWith(data));
      case 'preset_units':
        return writeUnits(splittingWith(data));
      case 'write_packagedata':
        return writePackagedata(context.world.fs, { site, tree: packagesIn(context, site) });
      case 'write_debs':
        return writePackages(debForm, packagesTo('do_package_write_deb'));
      case 'write_rpms':
        return writePackages(rpmForm, packagesTo('do_package_write_rpm'));
      case 'install_packages':
        return installPackages({
          fs: context.world.fs,
          recipe: site.recipe,
          packages: packagesFor(context, id(installTask)),
          warn: (text, hints) => warn(installTask, text, hints),
        });
      case 'complete_artifacts':
        return context.world.fs.writeFileSync(
          data.get('IMAGE_REST') ?? '',
          Buffer.from(unstagedScript(stagedFor(context, id(installTask))), 'latin1'),
        );
      case 'write_image':
        return writeImage({
          fs: context.world.fs,
          site,
          artifact: artifactOf(context, site, installTask),
          packages: packagesFor(context, id('do_image_complete')),
          staged: context.sysroot(id(installTask)).target,
          licenses: artifactsBefore(context, id('do_image_complete'), 'do_license_texts'),
          origins: artifactsBefore(context, id('do_image_complete'), 'do_create_spdx'),
          warn: (text) => warn('do_image_complete', text),
        });
      case 'describe_recipe':
        return describeRecipe({
          fs: context.world.fs,
          recipe: site.recipe,
          sources: sourceInputs(sources),
          artifact: artifactOf(context, site, installTask).id,
          edited: hasEdits(context, id(installTask)),
        });
      default:
        return name satisfies never;
    }
  };
}

/** The libraries of the packages that a task knows of: of what its recipe was built with, or needs to run. */
function librariesFor(context: BuildContext, id: TaskId): readonly SharedLibrary[] {
  return artifactsBefore(context, id, 'do_packagedata').flatMap(({ objects, tree }) =>
    readLibraries(objects, tree),
  );
}

/** The packages of all that a task of an image waits for. */
function packagesFor(context: BuildContext, id: TaskId): readonly OpenPackage[] {
  return OPENERS.flatMap(({ task, ending, open }) =>
    artifactsBefore(context, id, task).flatMap(({ recipe, objects, tree }) =>
      listEntries(objects, tree, { under: DEFAULT_IMAGE }).flatMap(({ kind, oid, path }) => {
        if (kind !== 'file' || oid === undefined || !path.endsWith(ending)) return [];
        return open({ recipe, file: below(DEFAULT_IMAGE, path), bytes: () => objects.readBlob(oid) }) ?? [];
      }),
    ),
  );
}

const OPENERS = [
  { task: 'do_package_write_deb', ending: '.deb', open: openDeb },
  { task: 'do_package_write_rpm', ending: '.rpm', open: openRpm },
] as const;

/** What a task of other recipes made that `id` stands after. */
function artifactsBefore(context: BuildContext, id: TaskId, task: string): readonly RecipeArtifact[] {
  const { graph, known } = context;
  return (graph.tasks.get(id)?.across ?? []).flatMap((other) => {
    const [node, signature] = [graph.tasks.get(other), known.signature(other)];
    if (node?.shape.name !== task || node.shape.noexec || signature === undefined) return [];
    const found = countingArtifact(context, node, signature);
    if (found === undefined) throw new Error(`${other} has no artifact here`);
    const { recipe } = node;
    return [{ recipe, objects: context.site(recipe).history().objects, tree: found.tree }];
  });
}

/** What the sysroot of a task is filled from. */
function stagedFor(context: BuildContext, id: TaskId): readonly SysrootPart[] {
  return context.sysroot(id).target.map((recipe) => {
    const site = context.site(recipe);
    const dirs = sysrootDirs(site);
    const { tree } = artifactOf(context, site, installTask);
    return { recipe, objects: site.history().objects, tree, ...(dirs && { dirs }) };
  });
}

function hasEdits(context: BuildContext, task: TaskId): boolean {
  const node = context.graph.tasks.get(task);
  return node !== undefined && isEdited(context, node);
}

/** What do_package made. */
function packagesIn(context: BuildContext, site: Site): TreeId {
  return artifactOf(context, site, 'do_package').tree;
}

/** What a task of the recipe made, as all who depend on it know it. */
function artifactOf(context: BuildContext, site: Site, task: string): LocalArtifact {
  const id = taskId(site.recipe.name, task);
  const [node, signature] = [context.graph.tasks.get(id), context.known.signature(id)];
  const found = node && signature && countingArtifact(context, node, signature);
  if (found !== undefined) return found;
  throw new VarveError('metadata', `${id} has no artifact, of which packages could be written`, {
    place: { file: site.recipe.file },
    hints: [
      'a task that writes packages stands after do_package: addtask package_write_deb after do_package',
    ],
  });
}
