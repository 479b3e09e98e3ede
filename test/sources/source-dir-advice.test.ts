import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sourceDirAdvice } from '../../lib/sources/source-dir-advice.ts';
import { makeContext, put } from './make-context.ts';

/** The line to write where do_unpack left these files in UNPACKDIR, and S is as given below WORKDIR. */
function lineFor(files: readonly string[], s = 'sources/thing-1.0'): string | undefined {
  const { workdir, unpackDir, ...rest } = makeContext('file://x');
  for (const file of files) put(join(unpackDir, file), '');
  return sourceDirAdvice({ ...rest, workdir, unpackDir, s: join(workdir, s), b: join(workdir, s, 'build') })
    ?.hint;
}

test.each([
  [['a.txt', 'b.patch'], 'sources/thing-1.0', '${UNPACKDIR}'],
  [['Thing-1.0-final/x', 'b.patch'], 'sources/thing-1.0', '${UNPACKDIR}/Thing-1.0-final'],
  [['docs/x', 'thing-1/x'], 'sources/thing-1.0', '${UNPACKDIR}/thing-1'],
  [['thing-1.0/x'], 'git', '${UNPACKDIR}/thing-1.0'],
  [['main.c', 'docs/x'], '.', '${UNPACKDIR}'],
])('with %s, S = "${WORKDIR}/%s" should be "%s"', (files, s, meant) => {
  expect(lineFor(files, s)).toBe(`put into the recipe: S = "${meant}"`);
});

test('there is nothing to say where S holds something', () => {
  expect(lineFor(['thing-1.0/x', 'other/y'])).toBeUndefined();
});

test('there is nothing to say where there are no sources', () => {
  expect(sourceDirAdvice(makeContext(' '))).toBeUndefined();
});

test('S, what is wrong with it and what there is instead are told', () => {
  const context = makeContext('file://x');
  put(join(context.unpackDir, 'real/x'), '');
  put(join(context.unpackDir, 'a.patch'), '');
  const where = `in ${context.unpackDir} there is a.patch, real/`;
  expect(sourceDirAdvice(context)?.problem).toBe(`S is ${context.s}, which does not exist; ${where}`);
  mkdirSync(context.s, { recursive: true });
  expect(sourceDirAdvice(context)?.problem).toBe(`S is ${context.s}, which is empty; ${where}`);
});

test('where sources are unpacked below S, as since scarthgap below WORKDIR, S is told, whatever else is there', () => {
  const { workdir, ...rest } = makeContext('file://main.c');
  put(join(rest.unpackDir, 'main.c'), '');
  put(join(workdir, 'temp/log'), '');
  expect(sourceDirAdvice({ ...rest, workdir, s: workdir })).toEqual({
    problem: `S is ${workdir}, which is not where sources are unpacked; in ${rest.unpackDir} there is main.c`,
    hint: 'put into the recipe: S = "${UNPACKDIR}"',
  });
});

test('what a task made in B, where that lies in S, is no source', () => {
  const { workdir, ...rest } = makeContext('file://main.c');
  const s = join(workdir, 'thing');
  put(join(rest.unpackDir, 'main.c'), '');
  put(join(s, 'build/config.log'), '');
  expect(sourceDirAdvice({ ...rest, workdir, s, b: join(s, 'build') })?.problem).toContain('which is empty');
  expect(sourceDirAdvice({ ...rest, workdir, s, b: s })).toBeUndefined();
});
