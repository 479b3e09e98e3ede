/** What the distributions' own checkers say of packages. */
import { spawnSync } from 'node:child_process';

export const CHECKERS = { rpm: 'rpmlint', deb: 'lintian' } as const;

/** What a distribution asks of its own packages, by the checkers' names for it. None of it is about a package's form. */
const POLICY = {
  rpm: [
    'no-signature',
    'no-changelogname-tag',
    'standard-dir-owned-by-package',
    'no-dependency-on',
    'no-binary',
    'non-versioned-file-in-library-package',
    'shared-library-not-executable',
    'executable-in-library-package',
    'library-without-ldconfig-postin',
    'library-without-ldconfig-postun',
    'missing-hash-section',
    'shared-library-without-dependency-information',
  ],
  deb: [
    'no-changelog',
    'no-copyright-file',
    'no-shlibs',
    'extended-description-is-empty',
    'uncompressed-manual-page',
    'lacks-ldconfig-trigger',
    'shared-library-is-executable',
    'missing-dependency-on-libc',
    'embedded-library',
    'root-in-contact',
    'bogus-mail-host',
  ],
} as const;

export function checkForm(
  form: 'rpm' | 'deb',
  packages: readonly string[],
): {
  /** Of how many errors it spoke. */
  readonly about: number;
  /** Those that are not mere policy, a line each. */
  readonly errors: readonly string[];
} {
  const options = { rpm: [], deb: ['--allow-root'] }[form];
  // It fails where it finds anything.
  const { stdout } = spawnSync(CHECKERS[form], [...options, ...packages], { encoding: 'utf8' });
  const lines = stdout.split('\n').filter((line) => /(^| )E: /.test(line));
  const policy: readonly string[] = POLICY[form];
  const tagOf = (line: string): string =>
    /(?:^E: \S+?(?: \S+)?: |^\S+: E: )(?<tag>\S+)/.exec(line)?.groups?.['tag'] ?? line;
  return { about: lines.length, errors: lines.filter((line) => !policy.includes(tagOf(line))) };
}
