import type { Metadata } from '../../layers/load-metadata.ts';
import { splitWords } from '../../layers/split-words.ts';
import type { World } from '../../ports/world.ts';
import { hostToolsDir, hostToolsMemo } from '../../terms/places.ts';
import type { Input } from '../../terms/inputs.ts';
import { findHostTools } from './host-tools.ts';

/** Finds the host tools of a build directory. */
export function openHostTools(
  world: World,
  metadata: Metadata,
): {
  /** What of them enters the signatures of a recipe that may also call `crossTools`. */
  inputs(crossTools: readonly string[]): readonly Input[];
  /** Makes the directory that is every task's PATH: only for who holds the build directory, since tasks may run. */
  link(): void;
} {
  const { config, places } = metadata;
  const words = (name: string): readonly string[] => splitWords(config.get(name));
  const memo = hostToolsMemo(places, world.env);
  const tools = findHostTools(world, { names: words('HOSTTOOLS'), memo, linked: hostToolsDir(places) });
  const signed = words('HOSTTOOLS_SIGNED');
  const added = addedTools(words);
  const known = new Map<string, readonly Input[]>();
  return {
    inputs(crossTools) {
      const key = crossTools.join(' ');
      const inputs =
        known.get(key) ??
        tools.inputs({ known: [...signed, ...crossTools], added }, (name) =>
          config.flag('HOSTTOOLS_ID', name),
        );
      known.set(key, inputs);
      return inputs;
    },
    link: () => tools.link(),
  };
}

/** What a configuration has in HOSTTOOLS beside varve's own lists; a bitbake.conf of somebody else's has no such lists. */
function addedTools(words: (name: string) => readonly string[]): readonly string[] {
  const unsigned = words('HOSTTOOLS_UNSIGNED');
  const listed = new Set([...unsigned, ...words('HOSTTOOLS_CROSS')]);
  return unsigned.length === 0 ? [] : words('HOSTTOOLS').filter((name) => !listed.has(name));
}
