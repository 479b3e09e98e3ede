import { chmodSync, existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { applyPatches } from '../../lib/sources/apply-patches.ts';
import { unpackSources } from '../../lib/sources/unpack-sources.ts';
import { failureOf, makeContext, put, type TestContext } from './make-context.ts';

const LINES = Array.from({ length: 20 }, (_, index) => `line ${index + 1}\n`).join('');

/** A context with a source file a.txt of 20 lines in S. */
function contextWith(srcUri: string, patches: Readonly<Record<string, string | Buffer>>): TestContext {
  const context = makeContext(srcUri);
  put(join(context.s, 'a.txt'), LINES);
  for (const [name, text] of Object.entries(patches)) put(join(context.files, name), text);
  unpackSources(context);
  return context;
}

function source(context: TestContext, name = 'a.txt'): string {
  return readFileSync(join(context.s, name), 'utf8');
}

/** A patch of the fourth of the lines. */
function patchOfLine4(from: string, to: string): string {
  const [before, after] = [' line 1\n line 2\n line 3\n', ' line 5\n line 6\n line 7\n'];
  return `--- a/a.txt\n+++ b/a.txt\n@@ -1,7 +1,7 @@\n${before}-${from}\n+${to}\n${after}`;
}

const first = patchOfLine4('line 4', 'line four');
const second = patchOfLine4('line four', 'line 4!');

/** A patch of a file with one line. */
function patchOfAll(from: string, to: string, name: string): string {
  return `--- a/${name}\n+++ b/${name}\n@@ -1 +1 @@\n-${from}\n+${to}\n`;
}

test('patches are applied in the order of SRC_URI, each told with author and subject', () => {
  const mail = `From: Ann <ann@example.org>\nSubject: [PATCH] count in words\n\n---\n${first}`;
  const context = contextWith('file://1.patch file://notes.txt file://2.diff', {
    '1.patch': mail,
    'notes.txt': '',
    '2.diff': second,
  });
  const seen: (readonly [string, string | undefined, string])[] = [];
  const result = applyPatches(context, ({ name, header }) => {
    seen.push([name, header.subject, source(context).split('\n')[3] ?? '']);
  });
  expect(seen).toEqual([
    ['1.patch', 'count in words', 'line four'],
    ['2.diff', undefined, 'line 4!'],
  ]);
  expect(result.applied[0]?.header.author).toBe('Ann <ann@example.org>');
  expect(result.warnings).toEqual([]);
});

test('apply=no leaves a patch out, apply=yes takes a file that is not named like one', () => {
  const context = contextWith('file://1.patch;apply=no file://fix.txt;apply=yes', {
    '1.patch': second,
    'fix.txt': first,
  });
  applyPatches(context);
  expect(source(context)).toContain('line four\n');
});

test('striplevel and patchdir say how and where', () => {
  const context = contextWith('file://1.patch;patchdir=../other;striplevel=2', {
    '1.patch': first.replaceAll('a.txt', 'deep/a.txt'),
  });
  put(join(context.unpackDir, 'other/a.txt'), LINES);
  applyPatches(context);
  expect(readFileSync(join(context.unpackDir, 'other/a.txt'), 'utf8')).toContain('line four\n');
});

test('a compressed patch is applied as it was unpacked', () => {
  const context = contextWith('file://1.patch.gz', { '1.patch.gz': gzipSync(first) });
  applyPatches(context);
  expect(source(context)).toContain('line four\n');
});

test('a read-only file is patched, stays read-only, and leaves no .orig behind', () => {
  const context = contextWith('file://1.patch', { '1.patch': first });
  const file = join(context.s, 'a.txt');
  put(file, `new\nfirst\nlines\n${LINES}`);
  chmodSync(file, 0o444);
  const { warnings } = applyPatches(context);
  expect(lstatSync(file).mode & 0o777).toBe(0o444);
  expect(readdirSync(context.s)).toEqual(['a.txt']);
  expect(warnings).toEqual(['1.patch applies at other lines: a.txt hunk 1 (offset 3)']);
});

test('fuzz is reported, as the patch may now do something else', () => {
  const context = contextWith('file://1.patch', { '1.patch': first });
  put(join(context.s, 'a.txt'), LINES.replace('line 7\n', 'line seven\n'));
  const { warnings } = applyPatches(context);
  const warning =
    '1.patch applies only with fuzz, look whether it does what it should: a.txt hunk 1 (fuzz 1)';
  expect(warnings).toEqual([warning]);
  expect(context.lines).toContain(`warning: ${warning}`);
});

test('a patch that does not apply is named with its reject and with what did apply', async () => {
  const odd = '--- "a/odd\\nname"\n+++ "b/odd\\nname"\n@@ -1 +1 @@\n-odd\n+even\n';
  const removed = '--- a/gone.txt\n+++ /dev/null\n@@ -1 +0,0 @@\n-gone\n';
  const missing = patchOfAll('x', 'y', 'missing.txt');
  const bad = first + missing + odd + removed + patchOfAll('one', 'two', 'b.txt');
  const context = contextWith('file://0.patch file://bad.patch', {
    '0.patch': patchOfAll('x', 'y', 'c.txt'),
    'bad.patch': bad,
  });
  put(join(context.s, 'c.txt'), 'x\n');
  put(join(context.s, 'b.txt'), 'other\n');
  put(join(context.s, 'odd\nname'), 'odd\n');
  put(join(context.s, 'gone.txt'), 'gone\n');
  const seen: string[] = [];
  const error = await failureOf(() => applyPatches(context, ({ name }) => seen.push(name)));
  expect([error.fault, error.message]).toEqual(['task', 'thing: the patch bad.patch does not apply']);
  expect(context.lines.slice(-6)).toEqual([
    'b.txt.rej:',
    '  --- b.txt',
    '  +++ b.txt',
    '  @@ -1 +1 @@',
    '  -one',
    '  +two',
  ]);
  expect(error.hints).toEqual([
    `what was rejected: ${context.s}/b.txt.rej`,
    `The patch before it is applied; of this one, what fits is in a.txt, "odd\\nname", gone.txt (removed), in ${context.s}`,
    'varve shell thing:do_patch@failed   to put it right there; varve edit finish thing then rewrites the patch',
    'varve shell thing:unpack   the source that the first patch meets',
  ]);
  expect(seen).toEqual(['0.patch']);
});

test('a patch of a file that is not there is told in the words of patch', async () => {
  const context = contextWith('file://1.patch', { '1.patch': first.replaceAll('a.txt', 'gone.txt') });
  await failureOf(() => applyPatches(context));
  expect(context.lines.join('\n')).toContain("can't find file to patch");
});

test('S that does not exist, and a patchdir outside of WORKDIR, are refused', async () => {
  const context = contextWith('file://1.patch', { '1.patch': first });
  const missing = await failureOf(() => applyPatches({ ...context, s: join(context.workdir, 'nowhere') }));
  expect(missing.message).toBe(
    `thing: "file://1.patch" is to be applied in ${context.workdir}/nowhere, which does not exist`,
  );
  const outside = await failureOf(() =>
    applyPatches({ ...context, srcUri: `file://1.patch;patchdir=${context.root}` }),
  );
  expect(outside.message).toContain('outside of WORKDIR');
});

test('a patch that makes a file makes it for everyone to read', () => {
  const text = '--- /dev/null\n+++ b/new.txt\n@@ -0,0 +1 @@\n+new\n';
  const context = contextWith('file://1.patch', { '1.patch': text });
  applyPatches(context);
  expect(existsSync(join(context.s, 'new.txt'))).toBe(true);
  expect(lstatSync(join(context.s, 'new.txt')).mode & 0o777).toBe(0o644);
});
