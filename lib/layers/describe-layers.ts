import type { World } from '../ports/world.ts';
import type { Layer, Metadata } from './metadata.ts';
import { readGitHead, type GitHead } from './read-git-head.ts';

/** A layer, and what of git is around it, where there is. */
export interface DescribedLayer extends Layer, GitHead {
  /** Whether files of the layer differ from that commit; left out where there is no git to ask. */
  readonly dirty?: boolean;
  /** What differs, as a patch; files that git does not know yet are not in it. */
  readonly diff?: string;
}

/** Says of every layer where it is, and of those in git at which commit. */
export function describeLayers(world: World, metadata: Pick<Metadata, 'layers'>): readonly DescribedLayer[] {
  return metadata.layers.map((layer) => {
    const head = readGitHead(world.fs, layer.path);
    if (head?.revision === undefined) return { ...layer, ...head };
    const changes = git(world, layer, ['--no-optional-locks', 'status', '--porcelain', '--', '.']);
    if (changes === undefined || changes === '')
      return { ...layer, ...head, ...(changes === '' ? { dirty: false } : {}) };
    const diff = git(world, layer, [
      '--no-optional-locks',
      'diff',
      '--no-ext-diff',
      '--no-textconv',
      'HEAD',
      '--',
      '.',
    ]);
    return { ...layer, ...head, dirty: true, ...(diff === undefined ? {} : { diff }) };
  });
}

function git(world: World, layer: Layer, args: readonly string[]): string | undefined {
  // Nothing of the caller's that would lead git elsewhere (GIT_DIR) comes along.
  const env = { PATH: world.env['PATH'] ?? '', HOME: world.env['HOME'] ?? '/' };
  const { status, stdout } = world.run('git', ['-c', 'core.fsmonitor=false', '-C', layer.path, ...args], {
    env,
  });
  return status === 0 ? stdout.toString('utf8') : undefined;
}
