/** What IMAGE_FEATURES makes of an image. No Python is to be had in any of these. */
import { expect, test } from 'vitest';
import { taskInputs } from '../../lib/language/signature-text.ts';
import { read, refusal, type Read } from './build-directory.ts';

function reading(local: string, further = ''): Read {
  const image = `inherit core-image
IMAGE_INSTALL = "app"
FEATURE_PACKAGES_shell = "bash"
FEATURE_PACKAGES_small-shell = "dash"
${further}`;
  return read({ files: { '/layers/meta/recipes/pic_1.bb': image, '/build/conf/local.conf': local } });
}

test('an image needs the packages of its features, those of the recipe and those of conf/local.conf', () => {
  const { recipe } = reading(
    'EXTRA_IMAGE_FEATURES = "shell dev-pkgs"\n',
    'IMAGE_FEATURES += "ssh-server-dropbear"\n',
  );
  expect(recipe('pic').depends).toEqual(['app', 'bash', 'packagegroup-core-ssh-dropbear']);
  expect(recipe('pic').data.get('IMAGE_INSTALL_COMPLEMENTARY')).toBe('*-dev');
});

test('a feature replaces those that it says, and not itself', () => {
  const { recipe } = reading(
    'EXTRA_IMAGE_FEATURES = "small-shell shell"\nIMAGE_FEATURES_REPLACES_shell = "small-shell"\nIMAGE_FEATURES_CONFLICTS_shell = "small-shell"\n',
  );
  expect(recipe('pic').depends).toEqual(['app', 'bash']);
});

test('features that exclude each other are an error where one of them is said', () => {
  const local =
    'EXTRA_IMAGE_FEATURES = "small-shell"\nEXTRA_IMAGE_FEATURES += "shell"\nIMAGE_FEATURES_CONFLICTS_shell = "small-shell"\n';
  expect(refusal(() => reading(local).recipe('pic'))).toMatchObject({
    message: 'IMAGE_FEATURES of pic has shell and small-shell, which exclude each other',
    place: { file: '/build/conf/local.conf', line: 2 },
  });
});

test('a feature that nobody knows is an error at its line, with what may be meant', () => {
  expect(refusal(() => reading('\nEXTRA_IMAGE_FEATURES = "dev-pkg"\n').recipe('pic'))).toMatchObject({
    message: 'IMAGE_FEATURES of pic has dev-pkg, which is no feature',
    place: { file: '/build/conf/local.conf', line: 2 },
    hints: [
      'did you mean "dev-pkgs"?',
      expect.stringMatching(/^there are: bash-completion-pkgs .* shell small-shell /),
      'FEATURE_PACKAGES_dev-pkg = "…"   in conf/local.conf, the distro or the image says which packages it brings',
    ],
  });
  const { recipe } = reading('EXTRA_IMAGE_FEATURES = "ours"\nIMAGE_FEATURES[validitems] = "ours"\n');
  expect(recipe('pic').depends).toEqual(['app']);
});

test('a feature of OpenEmbedded that varve does nothing for is told', () => {
  const { recipe, warnings } = reading('EXTRA_IMAGE_FEATURES = "read-only-rootfs"\n');
  recipe('pic');
  expect(warnings).toEqual([
    {
      text: 'IMAGE_FEATURES has read-only-rootfs, for which varve does nothing: a function in ROOTFS_POSTPROCESS_COMMAND of the image can',
      place: { file: '/build/conf/local.conf', line: 1 },
    },
  ]);
});

test('what decides what comes into an image or a package is an input of the task that does it', () => {
  const local = `PACKAGE_CLASSES = "package_deb"
INCOMPATIBLE_LICENSE = "Zlib"
SPDXLICENSEMAP[zlib-old] = "Zlib"
PACKAGE_EXCLUDE_COMPLEMENTARY = "app"
EXTRA_IMAGE_FEATURES = "dev-pkgs"
LICENSE:app-doc = "zlib-old"
COMMON_LICENSE_DIR = "/texts"
`;
  const app = `LICENSE = "MIT"
LIC_FILES_CHKSUM = "file://\${COMMON_LICENSE_DIR}/MIT;md5=0"
do_install() {
  cp \${COMMON_LICENSE_DIR}/MIT \${D}
}
`;
  const { recipe } = read({
    files: {
      '/layers/meta/recipes/pic_1.bb': 'inherit core-image\nIMAGE_INSTALL = "app"\n',
      '/layers/meta/recipes/app_1.bb': app,
      '/build/conf/local.conf': local,
    },
  });
  const inputs = (name: string, task: string): readonly string[] =>
    taskInputs(recipe(name).data, task).map((input) => input.name);
  expect(inputs('pic', 'do_install')).toContain('PACKAGE_EXCLUDE_COMPLEMENTARY');
  expect(inputs('pic', 'do_install')).toContain('SPDXLICENSEMAP[zlib-old]');
  expect(inputs('app', 'do_package')).toContain('LICENSE:app-doc');
  // Where the texts are is told by who uses them, not by who checks them.
  expect(inputs('app', 'do_install')).toContain('COMMON_LICENSE_DIR');
  expect(inputs('app', 'do_populate_lic')).not.toContain('COMMON_LICENSE_DIR');
  expect(inputs('app', 'do_populate_lic')).toContain('COMMON_LICENSE_DIR[isset]');
});
