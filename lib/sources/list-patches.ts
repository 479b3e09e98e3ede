import { isYes, type FileUri, type HttpUri, type SourceUri } from './parse-src-uri.ts';

/** A patch among the sources. */
export interface SourcePatch {
  readonly uri: FileUri | HttpUri;
  /** Its file below UNPACKDIR, where do_unpack put it. */
  readonly path: string;
  readonly striplevel: number;
  /** `;patchdir=`: where to apply it, if not in S. */
  readonly patchdir: string | undefined;
}

const COMPRESSED = /\.(gz|bz2|xz|zst)$/;

/** Lists the patches of SRC_URI in order: names that end like a patch, and what says `;apply=yes`; not `;apply=no`. */
export function listPatches(uris: readonly SourceUri[]): readonly SourcePatch[] {
  return uris.flatMap((uri): readonly SourcePatch[] => {
    if (uri.kind === 'git') return [];
    const name = unpackedName(uri);
    const unpacked = isYes(uri, 'unpack', true) ? name.replace(COMPRESSED, '') : name;
    if (!isYes(uri, 'apply', /\.(patch|diff)$/.test(unpacked))) return [];
    const subdir = uri.params.get('subdir');
    return [
      {
        uri,
        path: subdir === undefined ? unpacked : `${subdir}/${unpacked}`,
        striplevel: Number(uri.params.get('striplevel') ?? uri.params.get('pnum') ?? '1'),
        patchdir: uri.params.get('patchdir'),
      },
    ];
  });
}

/** Whether what was made of sources can be written into the file of the patch: a local one, for S. */
export function canBeWritten({ uri, path, striplevel, patchdir }: SourcePatch): boolean {
  return uri.kind === 'file' && uri.path === path && striplevel === 1 && patchdir === undefined;
}

/** Where a source that is no archive lands below UNPACKDIR: a relative local path is kept, of all others the last name. */
export function unpackedName(uri: FileUri | HttpUri): string {
  const name = uri.kind === 'file' ? uri.path : uri.localName;
  return uri.kind === 'file' && !name.startsWith('/') ? name : name.slice(name.lastIndexOf('/') + 1);
}
