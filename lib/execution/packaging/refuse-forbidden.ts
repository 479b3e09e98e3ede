import { allowingLine, forbiddenLicenses } from '../../language/forbidden-licenses.ts';
import type { Datastore } from '../../language/datastore.ts';
import type { LoadedRecipe } from '../../layers/load-metadata.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { askedPackages } from './asked-packages.ts';
import type { OpenPackage } from './open-package.ts';

/** Refuses packages whose licence INCOMPATIBLE_LICENSE of the image has: others may have them. */
export function refuseForbidden({ name: image, data }: LoadedRecipe, chosen: readonly OpenPackage[]): void {
  const check = forbiddenLicenses(data);
  if (check === undefined) return;
  const found = chosen
    .map(({ name, license }) => ({ name, names: check(name, license) }))
    .filter(({ names }) => names.length > 0);
  const [first] = found;
  if (first === undefined) return;
  const spoken = found.map(({ name, names }) => `${name} (${[...new Set(names)].join(', ')})`);
  const origin = data.origins('INCOMPATIBLE_LICENSE').findLast(({ flag }) => flag === undefined);
  throw new VarveError(
    'metadata',
    `INCOMPATIBLE_LICENSE forbids what ${image} would have: ${spoken.join(', ')}`,
    {
      ...(origin && { place: { file: origin.file, line: origin.line } }),
      hints: [
        ...found.map(({ name }) => `${name} is in it because ${whoBrings(data, name, chosen)}`),
        `${allowingLine(data, found, image)}   in conf/local.conf says that you may use ${found.length > 1 ? 'them' : 'it'} there`,
      ],
    },
  );
}

function whoBrings(data: Datastore, name: string, chosen: readonly OpenPackage[]): string {
  const asking = askedPackages(data).get(name);
  if (asking !== undefined) return `${asking} has it`;
  const names = [name, ...(chosen.find((one) => one.name === name)?.provides ?? [])];
  const by = chosen.find(({ depends }) => names.some((one) => depends.includes(one)));
  return by === undefined ? 'the image asks for it' : `${by.name} depends on it`;
}
