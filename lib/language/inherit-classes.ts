import { basename, isAbsolute } from 'node:path/posix';
import { closest } from '../terms/closest.ts';
import { VarveError } from '../terms/varve-error.ts';
import { splitWords } from './python-values.ts';
import { onBehalfOf, placeOfSpot, type Reading } from './reading.ts';
import { pathInside, searchPath } from './search-path.ts';
import type { Spot } from './statements.ts';

export interface Inherit {
  /** Words as written. */
  readonly classes: string;
  readonly spot: Spot;
  /** Its time has come: nothing puts it off any more. */
  readonly deferred?: boolean;
}

/** Carries out `inherit`: reads each class that was not read yet. */
export function inheritClasses(reading: Reading, { classes, spot, deferred = false }: Inherit): void {
  const { data } = reading;
  for (const name of splitWords(data.expand(classes, spot))) {
    if (!deferred && splitWords(data.get('BB_DEFER_BBCLASSES')).includes(name)) {
      data.note({ deferred: [...data.book.deferred, { classes: name, spot }] });
      continue;
    }
    const path = findClass(reading, name);
    if (path === undefined) throw missingClass(reading, name, spot);
    if (data.book.inherited.includes(path)) continue;
    data.note({ inherited: [...data.book.inherited, path] });
    onBehalfOf(spot, 'inherited', () => reading.readFile(path));
  }
}

/** Finds a class: the special directory over all of BBPATH first, then classes/. */
export function findClass({ data, environment }: Reading, name: string): string | undefined {
  const { source } = environment;
  if (isAbsolute(name)) return source.exists(name) ? name : undefined;
  const paths = searchPath(data);
  const files = name.endsWith('.bbclass')
    ? [name]
    : kinds(data.book.classKind).map((kind) => `${kind}/${name}.bbclass`);
  for (const file of files) {
    const found = paths.map((path) => pathInside(path, file)).find((path) => source.exists(path));
    if (found !== undefined) return found;
  }
  return undefined;
}

function kinds(classKind: 'global' | 'recipe'): readonly string[] {
  return [`classes-${classKind}`, 'classes'];
}

function missingClass({ data, environment }: Reading, name: string, spot: Spot): VarveError {
  const paths = searchPath(data);
  const known = paths.flatMap((path) =>
    kinds(data.book.classKind).flatMap((kind) =>
      environment.source.list(pathInside(path, kind)).map((file) => basename(file, '.bbclass')),
    ),
  );
  const near = closest(name, new Set(known));
  // A longer name that begins alike is another class: go is not gobject-introspection.
  const isMeant = near !== undefined && Math.abs(near.length - name.length) <= 2;
  const other = DONE_OTHERWISE.get(name);
  return new VarveError('metadata', `there is no class ${name}`, {
    place: placeOfSpot(spot, name),
    hints: [
      ...(other === undefined ? [] : [`without it: ${other}`]),
      isMeant ? `did you mean "${near}"?` : `classes are looked for in ${paths.join(', ')}`,
    ],
  });
}

/** Classes of OpenEmbedded that people name in conf/local.conf, and what is there in their place. */
const DONE_OTHERWISE: ReadonlyMap<string, string> = new Map([
  ['buildhistory', 'every build is in the record, and varve diff @ok tells what the newest good one changed'],
  ['buildstats', 'varve log RECIPE tells how long each task took'],
  [
    'externalsrc',
    'varve shell RECIPE is where sources are changed, and varve edit finish makes patches of that',
  ],
  ['own-mirrors', 'PREMIRRORS:prepend = "https?://.*/.* https://mirror.example.com/sources/ "'],
]);
