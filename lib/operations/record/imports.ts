/** The names of what `history import` took in; a build of one's own never has the same. */
import { type Builds, openBuilds } from '../../history/builds.ts';
import type { World } from '../../ports/world.ts';
import { byCodeUnit } from '../../terms/ids.ts';
import { buildsRepository, importDir, importedPlaces, importsDir, type Places } from '../../terms/places.ts';
import { VarveError } from '../../terms/varve-error.ts';

/** Whether an import may be called so; `@ok` is the newest success. */
export const isImportName = (name: string): boolean => /^[A-Za-z][\w.-]*$/.test(name) && name !== 'ok';

export function isImport({ fs }: Pick<World, 'fs'>, places: Places, name: string): boolean {
  return isImportName(name) && fs.existsSync(importDir(places, name));
}

export function listImports({ fs }: Pick<World, 'fs'>, places: Places): readonly string[] {
  const dir = importsDir(places);
  const names = fs.existsSync(dir) ? fs.readdirSync(dir).map(String) : [];
  return names.filter((name) => !name.startsWith('.')).sort(byCodeUnit);
}

/** A build of an import as it is named on the command line: `@ann@12`, the newest. */
export function buildInImport({ fs }: Pick<World, 'fs'>, places: Places, name: string): string {
  const gitDir = buildsRepository(importedPlaces(places, name));
  return `@${name}@${openBuilds({ fs, gitDir }).all().at(-1)?.n ?? 1}`;
}

/** Refuses a name for a build that cannot be one, or that an import has: who types it might mean either. */
export function checkBuildName(
  world: Pick<World, 'fs'>,
  places: Places,
  { builds, name }: { readonly builds: Pick<Builds, 'checkName'>; readonly name: string },
): void {
  builds.checkName(name);
  if (!isImport(world, places, name)) return;
  const build = buildInImport(world, places, name);
  throw new VarveError('usage', `an import is called '${name}' already: ${build} is a build of it`, {
    hints: [`Take another name, such as --name ${name}-2`, forgetting(places, name)],
  });
}

/** Refuses a name for an import that a build, or another import, has. */
export function refuseNameOfBuild({ fs }: Pick<World, 'fs'>, places: Places, name: string): void {
  const beside = `--as ${name}-2   takes this one in beside it`;
  if (isImport({ fs }, places, name)) {
    throw new VarveError('usage', `there is an import called '${name}' already`, {
      hints: [beside, forgetting(places, name)],
    });
  }
  const gitDir = buildsRepository(places);
  if (!fs.existsSync(gitDir)) return;
  const build = openBuilds({ fs, gitDir })
    .all()
    .find((each) => each.name === name);
  if (build === undefined) return;
  throw new VarveError('usage', `build ${build.n} is called '${name}' already: @${name} is that build`, {
    hints: [beside],
  });
}

const forgetting = (places: Places, name: string): string =>
  `rm -r ${importDir(places, name)}   forgets the import`;
