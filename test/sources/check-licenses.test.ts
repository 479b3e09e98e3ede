import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { copyLicenses } from '../../lib/sources/copy-licenses.ts';
import { checkLicenses, type LicenseContext } from '../../lib/sources/check-licenses.ts';
import { failureOf, makeContext, put } from './make-context.ts';

const whole = 'b54ca663e4b70e43f87585cefc4a8a27';
const middle = 'bcb5867367f1af93acb128967b621cd8';
const wrong = '0'.repeat(32);

/** A source tree with a COPYING of four lines, and this LIC_FILES_CHKSUM. */
function licenses(
  licenseFiles: string,
  asWritten = licenseFiles,
): LicenseContext & { lines: readonly string[] } {
  const context = makeContext('');
  put(join(context.s, 'COPYING'), 'hello\ntwo\nthree\nfour\n');
  return { ...context, license: 'MIT', licenseFiles, asWritten, place: { file: 'thing.bb', line: 3 } };
}

test.each([
  `file://COPYING;md5=${whole}`,
  `file://COPYING;md5=${whole.toUpperCase()}`,
  `file://COPYING;beginline=2;endline=3;md5=${middle}`,
  `file://COPYING;md5=${whole};beginline=0;endline=0`,
  `file://../thing-1.0/COPYING;md5=${whole}`,
  `file://COPYING;beginline=1;md5=${whole} file://COPYING;endline=4;md5=${whole}`,
])('%s is right', (files) => {
  expect(() => checkLicenses(licenses(files))).not.toThrow();
});

test('a text that is not what it was is shown, with the line that holds now', async () => {
  const context = licenses(
    `file://COPYING;md5=${whole} file://COPYING;beginline=2;endline=3;md5=${wrong}`,
    `file://COPYING;md5=${whole}   file://COPYING;beginline=2;endline=3;md5=${wrong}`,
  );
  const error = await failureOf(() => checkLicenses(context));
  expect(error.message).toBe(
    `thing: COPYING from line 2 to 3 has the md5 ${middle}, and LIC_FILES_CHKSUM says ${wrong}`,
  );
  expect([error.fault, error.place]).toEqual(['task', { file: 'thing.bb', line: 3 }]);
  expect(error.hints).toEqual([
    'if LICENSE = "MIT" is true of the text as it is, put into the recipe:',
    `LIC_FILES_CHKSUM = "file://COPYING;md5=${whole} file://COPYING;beginline=2;endline=3;md5=${middle}"`,
  ]);
  expect(context.lines.slice(-2)).toEqual(['  two', '  three']);
});

test('an entry without md5 is answered with the line that has it', async () => {
  for (const asWritten of ['file://COPYING', 'file://${NAME}']) {
    const error = await failureOf(() => checkLicenses(licenses('file://COPYING', asWritten)));
    expect(error.message).toBe('thing: LIC_FILES_CHKSUM has no md5 of COPYING');
    expect(error.hints[1]).toBe(`LIC_FILES_CHKSUM = "file://COPYING;md5=${whole}"`);
  }
});

test('what the recipe refers to stays in the line to write', async () => {
  const context = licenses(`file://COPYING;md5=${wrong}`, `file://\${NAME};md5=${wrong}`);
  const error = await failureOf(() => checkLicenses(context));
  expect(error.hints[1]).toBe(`LIC_FILES_CHKSUM = "file://\${NAME};md5=${whole}"`);
});

test('a file that is not there is named, with the one that was meant', async () => {
  const error = await failureOf(() => checkLicenses(licenses(`file://LICENSE;md5=${wrong}`)));
  expect(error.message).toMatch(
    /^thing: LIC_FILES_CHKSUM names LICENSE, and there is no file \/.*\/LICENSE$/,
  );
  expect(error.hints).toEqual(['did you mean "file://COPYING"?']);
});

test('what refers to something that nothing sets is not checked, and said in the log', () => {
  const context = licenses('file://${COMMON_LICENSE_DIR}/MIT;md5=0835ade698e0bcf8506ecda2f7b4f302');
  checkLicenses(context);
  expect(context.lines.at(-1)).toMatch(/COMMON_LICENSE_DIR.* is not checked/);
});

test('the texts that are meant are kept, two of one name beside each other', () => {
  const context = licenses(
    'file://COPYING;beginline=2;endline=3;md5=1 file://lib/COPYING;md5=2 file://COPYING;md5=3 file://${X}/MIT;md5=4',
  );
  put(join(context.s, 'lib/COPYING'), 'two\nthree\n');
  const to = join(context.s, '../texts');
  mkdirSync(to);
  copyLicenses({ ...context, fs: context.world.fs, to });
  const texts = readdirSync(to).map((name) => [name, readFileSync(join(to, name), 'utf8')]);
  expect(texts).toEqual([
    ['COPYING', 'two\nthree\n'],
    ['COPYING.1', 'hello\ntwo\nthree\nfour\n'],
  ]);
});

test.each([
  'COPYING',
  'http://x/COPYING;md5=1',
  'file://;md5=1',
  'file://COPYING;md5',
  'file://COPYING;beginline=x;md5=1',
])('"%s" is refused with the form that there is', async (files) => {
  const error = await failureOf(() => checkLicenses(licenses(files)));
  expect(error.message).toContain(`"${files}"`);
});
