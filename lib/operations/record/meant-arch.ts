import type { RecordedBuild } from '../../history/recorded-build.ts';

/**
 * Of the PACKAGE_ARCHs that a name stands in, the one that is meant in a build: that of its machine alone (MACHINE_ARCH), or of
 * its target. Undefined where it may be another, as of a recipe that became one for all machines.
 */
export function meantArch(build: RecordedBuild, archs: readonly string[]): string | undefined {
  const asked = build.asked();
  const said = (what: string): string | undefined => new RegExp(`^${what} (\\S+)$`, 'm').exec(asked)?.[1];
  const own = [said('machine')?.replaceAll('-', '_'), said('arch'), 'all'];
  const meant = archs.filter((arch) => own.includes(arch));
  return meant.length === 1 ? meant[0] : undefined;
}
