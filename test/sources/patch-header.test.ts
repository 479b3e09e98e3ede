import { expect, test } from 'vitest';
import { parsePatchHeader } from '../../lib/sources/patch-header.ts';

test('author and subject come from the mail header', () => {
  const text =
    'From 0123 Mon Sep 17 00:00:00 2001\nFrom: =?UTF-8?q?J=C3=BCrgen?= <j@example.org>\nDate: x\nSubject: [PATCH 1/2] configure: find\n the library\n\nBody\nSubject: no\n---\n a.c | 1 +\n';
  expect(parsePatchHeader(text)).toEqual({
    author: 'Jürgen <j@example.org>',
    subject: 'configure: find the library',
  });
});

test('a plain diff has neither, whatever its lines look like', () => {
  expect(parsePatchHeader('--- a/mail\n+++ b/mail\n@@ -1 +1 @@\n-From: a\n+From: b\n')).toEqual({
    author: undefined,
    subject: undefined,
  });
});
