import type { Metadata } from '../../layers/load-metadata.ts';
import type { World } from '../../ports/world.ts';
import { hostToolsDir, hostToolsMemo } from '../../terms/places.ts';
import type { Input } from '../../terms/inputs.ts';
import { findHostTools } from './host-tools.ts';

/** Finds the host tools of a build directory. */
export function openHostTools(
  world: World,
  metadata: Metadata,
): {
  /** What of them enters signatures. */
  readonly inputs: readonly Input[];
  /** Makes the directory that is every task's PATH: only for who holds the build directory, since tasks may run. */
  link(): void;
} {
  const { config, places } = metadata;
  const words = (name: string): readonly string[] =>
    (config.get(name) ?? '').split(/\s+/).filter((word) => word !== '');
  const tools = findHostTools(world, { names: words('HOSTTOOLS'), memo: hostToolsMemo(places) });
  return {
    inputs: tools.inputs(words('HOSTTOOLS_SIGNED'), (name) => config.flag('HOSTTOOLS_ID', name)),
    link: () => tools.link(hostToolsDir(places)),
  };
}
