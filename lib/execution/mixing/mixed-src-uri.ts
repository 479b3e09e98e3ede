/** SRC_URI as recorded inputs of do_unpack and do_patch say; what is fetched stays as it is written. */
import { withoutParameters } from '../../sources/without-parameters.ts';
import type { Input } from '../../terms/inputs.ts';

/** Rewrites SRC_URI: local files that are no inputs go, those that are come, and patches stand in their order. */
export function mixedSrcUri(
  srcUri: string,
  { unpack, patch }: { readonly unpack: readonly Input[]; readonly patch: readonly Input[] },
): string {
  const names = unpack.filter(({ kind }) => kind === 'file').map(({ name }) => name);
  const words = srcUri.split(/\s+/).filter((word) => word !== '');
  const kept = words.filter((word) => !isLocal(word) || names.some((name) => isPartOf(name, word)));
  const added = names.filter((name) => !kept.some((word) => isLocal(word) && isPartOf(name, word)));
  const numbers = patchNumbers(patch);
  const fresh = added.map(
    (name) =>
      `file://${patch.find((each) => withoutParameters(each.name) === withoutParameters(name))?.name ?? name}`,
  );
  return inOrder([...kept, ...fresh], (word) => numbers.get(localName(word))).join(' ');
}

const isLocal = (word: string): boolean => word.startsWith('file://');

/** As inputs name it: of an absolute path the last name. */
function localName(word: string): string {
  const path = withoutParameters(word.replace(/^file:\/\//, ''));
  return path.startsWith('/') ? path.slice(path.lastIndexOf('/') + 1) : path;
}

/** The file itself, or one in the directory that the word names. */
function isPartOf(name: string, word: string): boolean {
  const [file, path] = [withoutParameters(name), localName(word)];
  return file === path || file.startsWith(`${path}/`);
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

/** Words with a number change places among themselves; the others stay where they are. */
function inOrder(
  words: readonly string[],
  numberOf: (word: string) => number | undefined,
): readonly string[] {
  const numbered = words
    .filter((word) => numberOf(word) !== undefined)
    .toSorted((a, b) => (numberOf(a) ?? 0) - (numberOf(b) ?? 0));
  let next = 0;
  return words.map((word) => {
    if (numberOf(word) === undefined) return word;
    next += 1;
    return numbered[next - 1] ?? word;
  });
}
