import type { Metadata } from '../layers/load-metadata.ts';
import type { World } from '../ports/world.ts';
import { hostToolsDir, hostToolsMemo } from '../terms/places.ts';
import type { Input } from '../terms/inputs.ts';
import { findHostTools } from './host-tools.ts';

/** Makes the directory that is every task's PATH, and says what of it enters signatures. */
export function openHostTools(world: World, metadata: Metadata): readonly Input[] {
  const { config, places } = metadata;
  const words = (name: string): readonly string[] =>
    (config.get(name) ?? '').split(/\s+/).filter((word) => word !== '');
  const tools = findHostTools(world, { names: words('HOSTTOOLS'), memo: hostToolsMemo(places) });
  tools.link(hostToolsDir(places));
  return tools.inputs(words('HOSTTOOLS_SIGNED'), (name) => config.flag('HOSTTOOLS_ID', name));
}
