import * as disk from 'node:fs';
import { closeSync, existsSync, openSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { FileSystem } from '../../lib/ports/world.ts';
import { explainSystemError } from '../../lib/reporting/explain-system-error.ts';
import { placedFiles } from '../../lib/world/placed-files.ts';

/** What a person is told of a call that fails. */
function told(call: (fs: FileSystem) => void): unknown {
  try {
    call(placedFiles(disk));
  } catch (error) {
    return explainSystemError(error);
  }
  return undefined;
}

test.runIf(existsSync('/dev/full'))('a full disk is told with the file that could not be written', () => {
  const message = '/dev/full: no space left on the device';
  expect(told((fs) => fs.writeFileSync('/dev/full', 'text'))).toMatchObject({ fault: 'disk', message });
  expect(
    told((fs) => {
      const fd = fs.openSync('/dev/full', 'w');
      try {
        fs.writeSync(fd, Buffer.from('text'), 0, 4);
      } finally {
        fs.closeSync(fd);
      }
    }),
  ).toMatchObject({ message });
});

test('a directory in the place of a file is told with its path', () => {
  expect(told((fs) => fs.readFileSync('/'))).toMatchObject({
    message: '/: a directory stands where a file belongs',
  });
});

test('what the caller opened itself keeps the error of the system', () => {
  const fd = openSync('/', 'r');
  try {
    expect(told((fs) => fs.readSync(fd, Buffer.alloc(1), 0, 1, 0))).toMatchObject({
      message: 'read: a directory stands where a file belongs',
    });
  } finally {
    closeSync(fd);
  }
});
