import { expect, test } from 'vitest';
import { licenseExpression, ownLicenses } from '../../lib/packages/license-expression.ts';

const said = [
  ['MIT', 'MIT'],
  ['GPL-2.0-only & (MIT | Own_One)', 'GPL-2.0-only AND (MIT OR LicenseRef-Own-One)'],
  ['(MIT|Zlib)&BSD-3-Clause', '(MIT OR Zlib) AND BSD-3-Clause'],
  ['MIT Zlib', 'MIT AND Zlib'],
  ['CLOSED', 'LicenseRef-CLOSED'],
  ['MIT &', 'NOASSERTION'],
  ['(MIT', 'NOASSERTION'],
  ['', 'NOASSERTION'],
] as const;

test.each(said)('LICENSE = "%s" is %s in a bill of materials', (license, expression) => {
  expect(licenseExpression(license)).toBe(expression);
});

test('names that SPDX does not know are those of the document', () => {
  expect([...ownLicenses('MIT & (Own_One | Zlib)')]).toEqual([['LicenseRef-Own-One', 'Own_One']]);
});
