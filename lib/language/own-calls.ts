/** What varve does itself where an anonymous function says so, so that its classes need no Python. */
import type { Datastore } from './datastore.ts';
import { heedLicensesInImage } from './heed-forbidden-licenses.ts';
import { checkPackageConfig } from './package-config.ts';
import { skipIncompatible, skipNativesdk } from './skip-incompatible.ts';
import { skipWithoutFeatures } from './skip-without-features.ts';
import { useAlternatives } from './use-alternatives.ts';
import { useCreateSpdx } from './use-create-spdx.ts';
import { useImageTypes } from './use-image-types.ts';
import { useImageFeatures } from './use-image-features.ts';
import { useLicenseCheck } from './use-license-check.ts';
import { useLicenseTexts } from './use-license-texts.ts';
import { useNativeNames } from './use-native-names.ts';
import { usePackagedata } from './use-packagedata.ts';
import { useSystemdUnits } from './use-systemd-units.ts';
import { useUseradd } from './use-useradd.ts';

type OwnCall = (data: Datastore) => void;

const known: ReadonlyMap<string, OwnCall> = new Map([
  ['check_packageconfig', checkPackageConfig],
  ['heed_licenses_in_image', heedLicensesInImage],
  ['skip_incompatible', skipIncompatible],
  ['skip_nativesdk', skipNativesdk],
  ['skip_without_features', skipWithoutFeatures],
  ['use_alternatives', useAlternatives],
  ['use_create_spdx', useCreateSpdx],
  ['use_image_features', useImageFeatures],
  ['use_image_types', useImageTypes],
  ['use_license_check', useLicenseCheck],
  ['use_license_texts', useLicenseTexts],
  ['use_native_names', useNativeNames],
  ['use_packagedata', usePackagedata],
  ['use_systemd_units', useSystemdUnits],
  ['use_useradd', useUseradd],
]);

/** The calls that a body consists of, `varve.skip_incompatible(d)` a line; undefined: it is for Python to run. */
export function ownCalls(body: string): readonly OwnCall[] | undefined {
  const calls: OwnCall[] = [];
  for (const line of body.split('\n')) {
    const text = line.trim();
    if (text === '' || text.startsWith('#')) continue;
    const call = known.get(/^varve\.(\w+)\(d\)$/.exec(text)?.[1] ?? '');
    if (call === undefined) return undefined;
    calls.push(call);
  }
  return calls;
}
