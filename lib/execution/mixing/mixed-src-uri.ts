/** SRC_URI as recorded inputs of do_unpack and do_patch say; what is fetched stays as it is written. */
import { bareName } from '../../sources/bare-name.ts';
import type { SourceUri } from '../../sources/parse-src-uri.ts';
import { placedName } from '../../sources/source-inputs.ts';
import { sourceNames } from '../../sources/source-names.ts';
import { withoutParameters } from '../../sources/without-parameters.ts';
import type { Input } from '../../terms/inputs.ts';

interface Entry {
  readonly text: string;
  /** As inputs name it. */
  readonly name: string;
  /** The same, told apart from another of that name. */
  readonly ownName: string;
}

/** Writes SRC_URI anew: local files that are no inputs go, those that are come, and all stand in the recorded order. */
export function mixedSrcUri(
  uris: readonly SourceUri[],
  { unpack, patch }: { readonly unpack: readonly Input[]; readonly patch: readonly Input[] },
): string {
  const files = unpack.filter(({ kind }) => kind === 'file').map(({ name }) => withoutParameters(name));
  const nameOf = sourceNames(uris);
  const kept = uris
    .filter((uri) => uri.kind !== 'file' || files.some((file) => isPartOf(file, bareName(uri))))
    .map((uri): Entry => ({ text: uri.text, name: bareName(uri), ownName: placedName(uri, nameOf(uri)) }));
  const fresh = unpack
    .filter(
      ({ kind, name }) =>
        kind === 'file' && !kept.some((entry) => isPartOf(withoutParameters(name), entry.name)),
    )
    .map(({ name }): Entry => {
      const written =
        patch.find((each) => withoutParameters(each.name) === withoutParameters(name))?.name ?? name;
      const bare = withoutParameters(name);
      return {
        text: `file://${written}`,
        name: bare,
        ownName: /^[^;]*(;subdir=[^;]*)?/.exec(name)?.[0] ?? bare,
      };
    });
  const numbers = patchNumbers(patch);
  const places = unpackPlaces(unpack);
  const unpacked = inOrder([...kept, ...fresh], ({ ownName }) => places.get(ownName));
  return inOrder(unpacked, ({ name }) => numbers.get(name))
    .map(({ text }) => text)
    .join(' ');
}

/** The file itself, or one in the directory that an entry names. */
const isPartOf = (file: string, name: string): boolean => file === name || file.startsWith(`${name}/`);

function unpackPlaces(unpack: readonly Input[]): ReadonlyMap<string, number> {
  const order = unpack.find(({ kind, name }) => kind === 'source' && name === 'order');
  return new Map(order?.value.split(' ').map((name, place) => [name, place]));
}

function patchNumbers(patch: readonly Input[]): ReadonlyMap<string, number> {
  return new Map(
    patch.flatMap(({ kind, name, value }) => {
      const number = /^patch (\d+) /.exec(value)?.[1];
      return kind === 'source' && number !== undefined
        ? [[withoutParameters(name), Number(number)] as const]
        : [];
    }),
  );
}

/** Entries with a number change places among themselves; the others stay where they are. */
function inOrder(
  entries: readonly Entry[],
  numberOf: (entry: Entry) => number | undefined,
): readonly Entry[] {
  const numbered = entries
    .filter((entry) => numberOf(entry) !== undefined)
    .toSorted((a, b) => (numberOf(a) ?? 0) - (numberOf(b) ?? 0));
  let next = 0;
  return entries.map((entry) => {
    if (numberOf(entry) === undefined) return entry;
    next += 1;
    return numbered[next - 1] ?? entry;
  });
}
