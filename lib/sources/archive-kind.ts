export type Compression = 'none' | 'gzip' | 'bzip2' | 'xz' | 'zstd';

/** How do_unpack treats a file, by its name. */
export type ArchiveKind =
  | { readonly kind: 'tar'; readonly compression: Compression }
  | { readonly kind: 'zip' }
  /** One compressed file. */
  | { readonly kind: 'single'; readonly compression: Compression }
  /** An archive of a kind that varve does not unpack. */
  | { readonly kind: 'unsupported' }
  | { readonly kind: 'plain' };

const ENDINGS: readonly (readonly [RegExp, ArchiveKind])[] = [
  [/\.tar$/, { kind: 'tar', compression: 'none' }],
  [/\.(tgz|tar\.gz|tar\.Z)$/, { kind: 'tar', compression: 'gzip' }],
  [/\.(tbz2?|tar\.bz2)$/, { kind: 'tar', compression: 'bzip2' }],
  [/\.(txz|tar\.xz)$/, { kind: 'tar', compression: 'xz' }],
  [/\.(tzst|tar\.zst)$/, { kind: 'tar', compression: 'zstd' }],
  [/\.(zip|jar)$/, { kind: 'zip' }],
  [/\.(tar\.lz|lz|tar\.7z|7z|rpm|srpm|deb|ipk)$/, { kind: 'unsupported' }],
  [/\.(gz|Z|z)$/, { kind: 'single', compression: 'gzip' }],
  [/\.bz2$/, { kind: 'single', compression: 'bzip2' }],
  [/\.xz$/, { kind: 'single', compression: 'xz' }],
  [/\.zst$/, { kind: 'single', compression: 'zstd' }],
];

/** Tells what a file is, by the endings that BitBake knows. */
export function archiveKind(name: string): ArchiveKind {
  return ENDINGS.find(([ending]) => ending.test(name))?.[1] ?? { kind: 'plain' };
}
