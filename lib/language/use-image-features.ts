/** IMAGE_FEATURES: what else is to come into an image, by the names that OpenEmbedded has for it. */
import { closest } from '../terms/closest.ts';
import { VarveError, type Place } from '../terms/varve-error.ts';
import { addInputs } from './add-to-flag.ts';
import type { Datastore } from './datastore.ts';
import { splitWords } from './python-values.ts';

/** Where features are said: EXTRA_IMAGE_FEATURES is part of the other. */
const VARIABLES = ['EXTRA_IMAGE_FEATURES', 'IMAGE_FEATURES'];

const INPUTS = ['IMAGE_FEATURES', 'IMAGE_INSTALL_COMPLEMENTARY', 'PACKAGE_EXCLUDE_COMPLEMENTARY'];

/** Of OpenEmbedded's own: nothing here does what they ask for. */
const UNHEEDED = new Set([
  'allow-empty-password',
  'allow-root-login',
  'debug-tweaks',
  'lic-pkgs',
  'overlayfs-etc',
  'package-management',
  'post-install-logging',
  'read-only-rootfs',
  'read-only-rootfs-delayed-postinsts',
  'serial-autologin-root',
  'splash',
  'stateless-rootfs',
]);

/**
 * Has an image ask for the packages of its features (FEATURE_INSTALL) and for those that go with what it has
 * (IMAGE_INSTALL_COMPLEMENTARY), and depend on what says so. Refuses features that nobody knows, and those that exclude each other.
 */
export function useImageFeatures(data: Datastore): void {
  const features = featuresOf(data);
  if (features.length === 0) return;
  for (const feature of features) checkFeature(data, feature);
  refuseConflict(data, features);
  const packages = features.map((feature) => `FEATURE_PACKAGES_${feature}`).filter((name) => data.has(name));
  data.set('FEATURE_INSTALL', packages.map((name) => `\${${name}}`).join(' '));
  const globs = features.flatMap((feature) => splitWords(data.flag('COMPLEMENTARY_GLOB', feature)));
  data.set('IMAGE_INSTALL_COMPLEMENTARY', globs.join(' '));
  if (features.includes('empty-root-password')) {
    const others = data.rawFlag('do_install', 'postfuncs') ?? '';
    data.setFlag('do_install', 'postfuncs', `image_empty_root_password ${others}`);
  }
  for (const task of ['do_install', 'do_image_complete']) addInputs(data, task, [...INPUTS, ...packages]);
}

/** Without those that others replace, as they were said. */
function featuresOf(data: Datastore): readonly string[] {
  const all = [...new Set(splitWords(data.get('IMAGE_FEATURES')))];
  const replaced = new Set(all.flatMap((one) => splitWords(data.get(`IMAGE_FEATURES_REPLACES_${one}`))));
  return all.filter((one) => !replaced.has(one));
}

function checkFeature(data: Datastore, feature: string): void {
  if (UNHEEDED.has(feature) && !data.has(`FEATURE_PACKAGES_${feature}`)) {
    data.environment.warn(
      `IMAGE_FEATURES has ${feature}, for which varve does nothing: a function in ROOTFS_POSTPROCESS_COMMAND of the image can`,
      placeOf(data, feature),
    );
    return;
  }
  const known = [
    ...splitWords(data.flag('IMAGE_FEATURES', 'validitems')),
    ...data.flagNames('COMPLEMENTARY_GLOB'),
  ];
  if (known.includes(feature) || data.has(`FEATURE_PACKAGES_${feature}`)) return;
  const prefix = 'FEATURE_PACKAGES_';
  const all = [
    ...known,
    ...data.names().flatMap((name) => (name.startsWith(prefix) ? name.slice(prefix.length) : [])),
  ];
  const near = closest(feature, all);
  throw new VarveError(
    'metadata',
    `IMAGE_FEATURES of ${data.get('PN') ?? ''} has ${feature}, which is no feature`,
    {
      ...withPlace(data, feature),
      hints: [
        ...(near === undefined ? [] : [`did you mean "${near}"?`]),
        `there are: ${[...new Set(all)].toSorted().join(' ')}`,
        `${prefix}${feature} = "…"   in conf/local.conf, the distro or the image says which packages it brings`,
      ],
    },
  );
}

function refuseConflict(data: Datastore, features: readonly string[]): void {
  for (const feature of features) {
    const variable = `IMAGE_FEATURES_CONFLICTS_${feature}`;
    const other = splitWords(data.get(variable)).find((one) => features.includes(one));
    if (other === undefined) continue;
    throw new VarveError(
      'metadata',
      `IMAGE_FEATURES of ${data.get('PN') ?? ''} has ${feature} and ${other}, which exclude each other`,
      {
        ...withPlace(data, feature),
        hints: [`varve env ${data.get('PN') ?? ''} ${variable}   shows who says so`],
      },
    );
  }
}

/** The last statement that has the feature; one that comes to have it by another variable, where none says it. */
function placeOf(data: Datastore, feature: string): Place | undefined {
  const origins = VARIABLES.flatMap((variable) => data.origins(variable)).filter(
    ({ flag }) => flag === undefined,
  );
  const found =
    origins.findLast(({ detail }) => splitWords(detail).includes(feature)) ??
    origins.findLast(({ detail }) => splitWords(data.expand(detail)).includes(feature));
  return found && { file: found.file, line: found.line };
}

function withPlace(data: Datastore, feature: string): { readonly place?: Place } {
  const place = placeOf(data, feature);
  return place === undefined ? {} : { place };
}
