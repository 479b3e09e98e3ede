import type { RecordedBuild } from '../../history/recorded-build.ts';

/** The PACKAGE_ARCH of what is made for the machine alone that a build was for (MACHINE_ARCH). */
export function machineArch(build: RecordedBuild): string | undefined {
  return /^machine (\S+)$/m.exec(build.asked())?.[1]?.replaceAll('-', '_');
}
