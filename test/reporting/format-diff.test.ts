import { expect, test } from 'vitest';
import type { Difference, FileDifference } from '../../lib/operations/comparing/difference.ts';
import { diffDocument, formatDiff } from '../../lib/reporting/format-diff.ts';
import { createPaint } from '../../lib/reporting/paint.ts';
import type { ObjectId } from '../../lib/terms/ids.ts';

const paint = createPaint(false);

/** A difference of files whose contents stand in for their object ids. */
function difference(files: readonly FileDifference[]): Difference {
  const readBlob = (oid: ObjectId): Buffer => Buffer.from(oid, 'latin1');
  const contents = {
    readBlob,
    openBlob: (oid: ObjectId) => ({ size: oid.length, pieces: () => [readBlob(oid)] }),
  };
  return { from: { rev: 'zlib@1' }, to: { rev: 'zlib@2' }, files, contents: () => contents };
}
const side = (content: string, mode = 0o100644) => ({ mode, size: content.length, oid: content as ObjectId });

const changed: FileDifference = {
  path: 'etc/app.conf',
  status: 'M',
  from: side('a\nb\nc\n'),
  to: side('a\nB\nc\n', 0o100600),
};
const added: FileDifference = { path: 'etc/new', status: 'A', to: side('one\ntwo') };
const binary: FileDifference = {
  path: 'usr/bin/app',
  status: 'M',
  from: side('\0ab', 0o104755),
  to: side('\0abcd', 0o104755),
};
const emptied: FileDifference = { path: 'var/empty', status: 'D', from: { mode: 0o40700, size: 0 } };

test('a patch has what git puts into one, and permission bits that git leaves out', () => {
  expect(formatDiff(difference([changed, added, binary, emptied]), { form: 'patch', paint }))
    .toBe(`diff --git a/etc/app.conf b/etc/app.conf
old mode 100644
new mode 100600
--- a/etc/app.conf
+++ b/etc/app.conf
@@ -1,3 +1,3 @@
 a
-b
+B
 c
diff --git a/etc/new b/etc/new
new file mode 100644
--- /dev/null
+++ b/etc/new
@@ -0,0 +1,2 @@
+one
+two
\\ No newline at end of file
diff --git a/usr/bin/app b/usr/bin/app
binary files differ: 3 bytes before, 5 bytes after
diff --git a/var/empty b/var/empty
deleted file mode 040700
`);
});

test('in colours what went is red, what came is green, and a range is cyan', () => {
  const lines = formatDiff(difference([changed]), { form: 'patch', paint: createPaint(true) }).split('\n');
  const colourOf = (start: string): string | undefined =>
    lines.find((line) => line.includes(start))?.slice(2, 4);
  expect(['@@ ', 'm-b', 'm+B'].map(colourOf)).toEqual(['36', '31', '32']);
});

test('--stat counts lines and draws them', () => {
  expect(formatDiff(difference([changed, added, binary, emptied]), { form: 'stat', paint }))
    .toBe(` etc/app.conf | 2 +-
 etc/new      | 2 ++
 usr/bin/app  | 3 -> 5 bytes
 var/empty    | deleted
 4 files changed, 3 lines added, 1 line deleted
`);
});

test('--name-status is a letter and a path', () => {
  expect(formatDiff(difference([changed, added, emptied]), { form: 'name-status', paint })).toBe(
    'M\tetc/app.conf\nA\tetc/new\nD\tvar/empty\n',
  );
});

const moved: FileDifference = {
  path: 'etc/new.conf',
  oldPath: 'etc/old.conf',
  status: 'R',
  similarity: 66,
  from: side('a\nb\n'),
  to: side('a\nB\n'),
};
const given: FileDifference = {
  path: 'var/spool',
  status: 'M',
  from: side('x'),
  to: { ...side('x'), uid: 1000, gid: 100 },
};

test('a rename is told with both names, another owner as another mode is', () => {
  expect(formatDiff(difference([moved, given]), { form: 'patch', paint }))
    .toBe(`diff --git a/etc/old.conf b/etc/new.conf
similarity index 66%
rename from etc/old.conf
rename to etc/new.conf
--- a/etc/old.conf
+++ b/etc/new.conf
@@ -1,2 +1,2 @@
 a
-b
+B
diff --git a/var/spool b/var/spool
old owner 0:0
new owner 1000:100
`);
  expect(formatDiff(difference([moved, given]), { form: 'name-status', paint })).toBe(
    'R066\tetc/old.conf\tetc/new.conf\nM\tvar/spool\n',
  );
  expect(formatDiff(difference([moved, given]), { form: 'stat', paint }))
    .toBe(` etc/old.conf => etc/new.conf | 2 +-
 var/spool                    | owner
 2 files changed, 1 line added, 1 line deleted
`);
  expect(diffDocument(difference([moved, given]))).toMatchObject({
    files: [
      { path: 'etc/new.conf', oldPath: 'etc/old.conf', status: 'R', similarity: 66 },
      { path: 'var/spool', status: 'M', to: { uid: 1000, gid: 100 } },
    ],
  });
});

test('as a document each side has the whole st_mode, and bytes where a name is not UTF-8', () => {
  const odd: FileDifference = { path: 'caf\u00e9', status: 'A', to: side('x', 0o120777) };
  expect(diffDocument(difference([binary, odd]))).toEqual({
    schema: 1,
    from: { rev: 'zlib@1' },
    to: { rev: 'zlib@2' },
    files: [
      {
        path: 'usr/bin/app',
        status: 'M',
        from: { mode: '104755', oid: '\0ab', size: 3 },
        to: { mode: '104755', oid: '\0abcd', size: 5 },
      },
      { path: 'caf\ufffd', pathBase64: 'Y2Fm6Q==', status: 'A', to: { mode: '120777', oid: 'x', size: 1 } },
    ],
  });
});

test('between builds the recipes come first and stand before their paths', () => {
  const diff = {
    ...difference([{ ...added, recipe: 'app' }]),
    recipes: [
      { recipe: 'app', status: 'M', artifact: true },
      { recipe: 'zlib', status: 'M', artifact: false },
      { recipe: 'greet', status: 'M', artifact: false, note: 'it has no artifact in build 2' },
      { recipe: 'maker-native', status: 'A', artifact: true, sysroot: 'native' },
    ] as const,
  };
  expect(formatDiff(diff, { form: 'stat', paint })).toBe(`app has another artifact
zlib was made another way, with the same artifact
greet is not compared (it has no artifact in build 2)
maker-native (native sysroot) is new
 app/etc/new | 2 ++
 1 file changed, 2 lines added, 0 lines deleted
`);
});

test('texts that have nothing in common are replaced whole', () => {
  const lines = (sign: string): string => Array.from({ length: 4000 }, (_, i) => `${sign}${i}\n`).join('');
  const file: FileDifference = { path: 'big', status: 'M', from: side(lines('a')), to: side(lines('b')) };
  expect(formatDiff(difference([file]), { form: 'stat', paint })).toContain(
    '4000 lines added, 4000 lines deleted',
  );
});

test('files that differ only in noise are named in one line where that is wanted, and never in JSON', () => {
  const at = (n: number, path: string): FileDifference => ({
    path,
    status: 'M',
    from: side(`built 2026-11-2${n}T13:40:24Z\n`),
    to: side(`built 2026-11-2${n}T15:00:00Z\n`),
  });
  const closed: FileDifference = { ...at(5, 'etc/mode'), to: side('built 2026-11-25T15:00:00Z\n', 0o100600) };
  const files = [at(1, 'etc/a'), at(2, 'etc/b'), closed];
  const diff = difference(files);
  const folded = formatDiff(diff, { form: 'patch', paint, fold: true });
  expect(folded).toContain('diff --git a/etc/mode b/etc/mode\n');
  expect(folded).not.toContain('diff --git a/etc/a');
  expect(folded).toContain(
    '\n2 files differ only in times, build ids and build paths: etc/a, etc/b; --all shows how\n',
  );
  expect(formatDiff(diff, { form: 'stat', paint, fold: true })).toContain(
    ' etc/mode | 2 +-\n 1 file changed',
  );
  expect(formatDiff(diff, { form: 'patch', paint })).toContain('diff --git a/etc/a b/etc/a\n');
  expect(formatDiff(diff, { form: 'name-status', paint, fold: true }).split('\n')).toHaveLength(4);
  expect(diffDocument(diff)).toMatchObject({
    files: [{ path: 'etc/a' }, { path: 'etc/b' }, { path: 'etc/mode' }],
  });
});
