import { join } from 'node:path';
import type { LoadedRecipe } from '../../layers/load-metadata.ts';
import { splitWords } from '../../layers/split-words.ts';
import { templateOf } from '../../packages/unit-file.ts';
import {
  type EnabledUnit,
  formatUnits,
  parseUnits,
  presetText,
  type UnitOwner,
} from '../../packages/units.ts';
import type { ObjectStore } from '../../ports/objects.ts';
import type { FileSystem } from '../../ports/world.ts';
import type { TreeId } from '../../terms/ids.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { rawPath } from '../../trees/raw-text.ts';
import { isSet } from '../outline/is-set.ts';
import { imageEntries } from './image-entries.ts';
import { ofPackage } from './of-package.ts';
import { noteOfPackages } from './note-of-packages.ts';
import type { Splitting } from './split-packages.ts';

/** In PKGDEST, where there are any: a line for each. */
const FILE = '.units';
const OWNERS: readonly UnitOwner[] = ['system', 'user'];

/** Writes presets for the units of SYSTEMD_SERVICE into packages that are split, and writes down which are enabled. */
export function writeUnits({ fs, recipe }: Omit<Splitting, 'warn'>): void {
  const { data } = recipe;
  if (!isSet(data.get('SYSTEMD_ENABLING'))) return;
  const top = data.get('PKGDEST') ?? '';
  const packages = splitWords(data.get('PACKAGES'));
  const paths = new Set(
    packages.flatMap((name) => imageEntries(fs, join(top, name)).map(({ path }) => path)),
  );
  const enabled: EnabledUnit[] = [];
  for (const name of splitWords(data.get('SYSTEMD_PACKAGES'))) {
    const units = splitWords(ofPackage(data, 'SYSTEMD_SERVICE', name));
    if (units.length === 0) continue;
    if (!packages.includes(name))
      throw wrong(recipe, `SYSTEMD_PACKAGES of ${recipe.name} has ${name}, which PACKAGES has not`);
    const owned = units.map((unit) => ({ package: name, unit, of: ownerOf(recipe, { name, unit }, paths) }));
    const action = actionOf(recipe, name);
    if (action === 'enable') enabled.push(...owned);
    if (action === undefined) continue;
    for (const owner of OWNERS) {
      const own = owned.filter(({ of }) => of === owner).map(({ unit }) => unit);
      const dir = `${data.get('systemd_unitdir') ?? ''}/${owner}-preset`;
      if (own.length > 0)
        writeInto(fs, join(top, name), { dir, file: `98-${name}.preset`, text: presetText(action, own) });
    }
  }
  if (enabled.length > 0) fs.writeFileSync(join(top, FILE), formatUnits(enabled));
}

/** Reads from what do_package made which units are enabled. */
export function readUnits(objects: ObjectStore, tree: TreeId): readonly EnabledUnit[] {
  return parseUnits(noteOfPackages(objects, tree, FILE));
}

/** Whose unit it is, by where a package has it, or its template. */
function ownerOf(
  recipe: LoadedRecipe,
  { name, unit }: { readonly name: string; readonly unit: string },
  paths: ReadonlySet<string>,
): UnitOwner {
  const { data } = recipe;
  const dirs = (owner: UnitOwner): readonly string[] => [
    data.get(`systemd_${owner}_unitdir`) ?? '',
    `${data.get('sysconfdir') ?? ''}/systemd/${owner}`,
  ];
  const files = [unit, templateOf(unit)].filter((file) => file !== undefined);
  const found = OWNERS.find((owner) =>
    dirs(owner).some((dir) => files.some((file) => paths.has(rawPath(`${dir}/${file}`).slice(1)))),
  );
  if (found !== undefined) return found;
  throw wrong(recipe, `SYSTEMD_SERVICE:${name} of ${recipe.name} has ${unit}, which no package has`, [
    `it is looked for in ${OWNERS.flatMap(dirs).join(', ')}`,
  ]);
}

function actionOf(recipe: LoadedRecipe, name: string): 'enable' | 'disable' | undefined {
  const action = (ofPackage(recipe.data, 'SYSTEMD_AUTO_ENABLE', name) ?? '').trim();
  if (action === 'enable' || action === 'disable') return action;
  if (action === 'mask' || action === 'preset') return undefined;
  throw wrong(recipe, `SYSTEMD_AUTO_ENABLE of ${name} in ${recipe.name} is "${action}"`, [
    'it is enable, disable, mask or preset; of the last two, and of masking, the target has to know',
  ]);
}

/** Below the package itself: no link in it may lead elsewhere. */
function writeInto(
  fs: FileSystem,
  top: string,
  { dir, file, text }: { readonly dir: string; readonly file: string; readonly text: string },
): void {
  let at = top;
  for (const part of ['', ...dir.split('/').filter((one) => one !== '')]) {
    at = join(at, part);
    const stat = fs.lstatSync(at, { throwIfNoEntry: false });
    if (stat === undefined) fs.mkdirSync(at);
    else if (!stat.isDirectory())
      throw new VarveError('task', `${at} is no directory, and a preset of units is to be below it`);
  }
  fs.writeFileSync(join(at, file), text);
}

function wrong({ file }: LoadedRecipe, text: string, hints: readonly string[] = []): VarveError {
  return new VarveError('metadata', text, { place: { file }, hints });
}
