import type { RecordedBuild } from '../../history/recorded-build.ts';

/**
 * Of the PACKAGE_ARCHs that a name stands in, the one that is meant in a build: that of its machine alone (MACHINE_ARCH),
 * else that of its target. Undefined where it may be another, as of a recipe that became one for all machines.
 */
export function meantArch(build: RecordedBuild, archs: readonly string[]): string | undefined {
  const asked = build.asked();
  const said = (what: string): string | undefined => new RegExp(`^${what} (\\S+)$`, 'm').exec(asked)?.[1];
  const machine = said('machine')?.replaceAll('-', '_');
  const target = said('arch');
  const isFor = (arch: string | undefined): boolean => arch !== undefined && archs.includes(arch);
  if (isFor(machine)) return machine;
  return isFor(target) && !archs.includes('all') ? target : undefined;
}
