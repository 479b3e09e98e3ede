/** What IMAGE_FEATURES makes of an image. No Python is to be had in any of these. */
import { expect, test } from 'vitest';
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
