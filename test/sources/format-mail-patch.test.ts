import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatMailPatch } from '../../lib/sources/format-mail-patch.ts';
import { parsePatchHeader } from '../../lib/sources/patch-header.ts';
import { scratchDirectory } from '../support/real-git.ts';

const message = { author: 'Jörg Äpfel <joerg@example.org>', seconds: 1_700_000_000 };

/** Paths in a patch are bytes. */
const onDisk = (dir: string, path: string): Buffer => Buffer.from(`${dir}/${path}`, 'latin1');

/** Bytes of a text file: any but NUL, some lines the same, the last one ended or not. */
const text = fc
  .array(fc.oneof(fc.constantFrom('same', 'other', '\r', ''), fc.string({ unit: 'binary-ascii' })), {
    maxLength: 12,
  })
  .map((lines) => Buffer.from(lines.join('\n').replaceAll('\0', '\u00ff'), 'latin1'));

const mode = fc.constantFrom(0o100644, 0o100755);

test('patch makes of the one file exactly the other, whatever its name, its mode, and the bytes of its text', () => {
  const scratch = scratchDirectory();
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text, mode, mode), { minLength: 1, maxLength: 6 }), (pairs) => {
      const dir = mkdtempSync(join(scratch, 'case-'));
      mkdirSync(join(dir, 'sub'));
      const files = pairs.map(([from, to, before, after], index) => ({
        path: `sub/a file${['', '"', '\\', '\t', '\u00fc', ' '][index] ?? ''}`,
        from: { mode: before, content: from },
        to: { mode: after, content: to },
      }));
      for (const { path, from } of files) {
        writeFileSync(onDisk(dir, path), from.content);
        chmodSync(onDisk(dir, path), from.mode & 0o777);
      }
      const patch = formatMailPatch({ ...message, subject: 'x', body: '', files });
      const changes = pairs.some(([from, to, before, after]) => !from.equals(to) || before !== after);
      const ran = spawnSync('patch', ['-f', '-p1', '--no-backup-if-mismatch'], { cwd: dir, input: patch });
      expect([changes && ran.status !== 0, ran.stdout.toString()]).toEqual([false, expect.any(String)]);
      for (const { path, to } of files) {
        expect(readFileSync(onDisk(dir, path))).toEqual(to.content);
        expect(statSync(onDisk(dir, path)).mode.toString(8)).toBe(to.mode.toString(8));
      }
    }),
    { numRuns: 60 },
  );
});

test('git am takes it: author, subject, body, a new file, a removed one, a mode', () => {
  const dir = scratchDirectory();
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: dir, encoding: 'utf8' });
  const identity = ['-c', 'user.name=x', '-c', 'user.email=x@localhost'];
  git('init', '-q');
  for (const name of ['gone', 'run']) writeFileSync(join(dir, name), `${name}\n`);
  git('add', '.');
  git(...identity, 'commit', '-qm', 'start');
  const [plain, executable] = [0o100644, 0o100755];
  const subject = 'größer: say what is changed here, in more words than fit a line of a mail';
  const patch = formatMailPatch({
    ...message,
    subject,
    body: 'Déjà vu.\n\nTwice.',
    files: [
      { path: 'gone', from: { mode: plain, content: Buffer.from('gone\n') } },
      { path: 'new', to: { mode: executable, content: Buffer.from('one\ntwo') } },
      {
        path: 'run',
        from: { mode: plain, content: Buffer.from('run\n') },
        to: { mode: executable, content: Buffer.from('run\n') },
      },
    ],
  });
  expect(parsePatchHeader(patch.toString())).toEqual({ author: message.author, subject });
  execFileSync('git', [...identity, 'am', '-q'], { cwd: dir, input: patch });
  expect(git('log', '-1', '--format=%an <%ae>|%at|%s|%b').trim()).toBe(
    `${message.author}|1700000000|${subject}|Déjà vu.\n\nTwice.`,
  );
  expect(git('ls-files', '--stage').replaceAll(/ [0-9a-f]{40} 0\t/g, ' ')).toBe('100755 new\n100755 run\n');
  expect(readFileSync(join(dir, 'new'), 'utf8')).toBe('one\ntwo');
});
