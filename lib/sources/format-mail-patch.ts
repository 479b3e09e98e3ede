/** Changes of sources as a file that both `git am` and `patch -p1` take. */
import { compareTexts, type TextHunk } from '../trees/compare-texts.ts';
import { hunkLines } from '../trees/hunk-lines.ts';
import { modeLines } from '../trees/mode-lines.ts';
import { enclosedName, endedName, quotedName } from '../trees/quoted-name.ts';
import { encodeMailAuthor, encodeMailWords, isAscii } from './patch-header.ts';

export interface MailPatch {
  /** `Name <mail>`. */
  readonly author: string;
  /** When it was written, since the epoch. */
  readonly seconds: number;
  readonly subject: string;
  /** The rest of the message; '' for none. */
  readonly body: string;
  readonly files: readonly PatchedFile[];
}

export interface PatchedFile {
  /** Raw, relative to where the patch is applied. */
  readonly path: string;
  /** Absent: the patch makes the file, or removes it. */
  readonly from?: FileVersion;
  readonly to?: FileVersion;
}

export interface FileVersion {
  /** As git has it: 0o100644 or 0o100755. */
  readonly mode: number;
  readonly content: Buffer;
}

/** Writes the patch in the form of git format-patch. Content must be text (see {@link isPatchable}). */
export function formatMailPatch(patch: MailPatch): Buffer {
  const { author, seconds, subject, body } = patch;
  const date = new Date(seconds * 1000).toUTCString().replace('GMT', '+0000');
  const head = [
    `From ${'0'.repeat(40)} Mon Sep 17 00:00:00 2001`,
    `From: ${encodeMailAuthor(author)}`,
    `Date: ${date}`,
    `Subject: [PATCH] ${encodeMailWords(subject)}`,
    ...(isAscii(body)
      ? []
      : ['MIME-Version: 1.0', 'Content-Type: text/plain; charset=UTF-8', 'Content-Transfer-Encoding: 8bit']),
    '',
    ...(body === '' ? [] : [body, '']),
    '---',
  ];
  return Buffer.concat([Buffer.from(`${head.join('\n')}\n`), formatDiffs(patch)]);
}

/** Only what it changes, with which such a patch ends. */
export function formatDiffs({ files }: MailPatch): Buffer {
  return Buffer.from(files.map(diffOf).join(''), 'latin1');
}

/** Whether a patch can say what changed: both sides are text. */
export function isPatchable({ from, to }: PatchedFile): boolean {
  return hunksOf(from, to) !== undefined;
}

function diffOf({ path, from, to }: PatchedFile): string {
  const [a, b] = [quotedName(`a/${path}`), quotedName(`b/${path}`)];
  const hunks = hunksOf(from, to) ?? [];
  const names =
    hunks.length === 0
      ? []
      : [
          `--- ${from === undefined ? '/dev/null' : endedName(a)}`,
          `+++ ${to === undefined ? '/dev/null' : endedName(b)}`,
        ];
  const lines = [
    `diff --git ${enclosedName(a)} ${enclosedName(b)}`,
    ...modeLines(from?.mode, to?.mode),
    ...names,
    ...hunks.flatMap(hunkLines),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** Compared byte by byte: a character stands for each, whatever the encoding is. */
function hunksOf(
  from: FileVersion | undefined,
  to: FileVersion | undefined,
): readonly TextHunk[] | undefined {
  const bytes = (version: FileVersion | undefined): Buffer =>
    Buffer.from((version?.content ?? Buffer.alloc(0)).toString('latin1'));
  return compareTexts(bytes(from), bytes(to))?.hunks;
}
