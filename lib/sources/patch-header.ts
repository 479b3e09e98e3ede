/** What the mail header of a patch says. */
export interface PatchHeader {
  /** `Name <address>`, where there is a From: line. */
  readonly author: string | undefined;
  /** The subject without `[PATCH 1/2]`, where there is one. */
  readonly subject: string | undefined;
}

/** Reads author and subject from the text before the first diff, as git format-patch writes them. */
export function parsePatchHeader(text: string): PatchHeader {
  const [head = ''] = text.split(/^(?:---|diff |Index: )/m, 1);
  const author = field(head, 'From');
  const subject = field(head, 'Subject')?.replace(/^(?:\[[^\]]*\]\s*)+/, '');
  return { author, subject: subject === '' ? undefined : subject };
}

/** A header field; a line that begins with white space goes on with the one before it. */
function field(head: string, name: string): string | undefined {
  const match = new RegExp(`^${name}: *(.*(?:\\r?\\n[ \\t]+\\S.*)*)`, 'mi').exec(head);
  const value = match?.[1]?.replace(/\r?\n[ \t]+/g, ' ').trim();
  return value === undefined || value === '' ? undefined : decodeWords(value);
}

/** Decodes `=?UTF-8?q?J=C3=BCrgen?=`; white space between two such words is not part of the text. */
function decodeWords(text: string): string {
  return text
    .replace(/(\?=)\s+(=\?)/g, '$1$2')
    .replace(/=\?([^?]+)\?([bq])\?([^?]*)\?=/gi, (_, charset: string, encoding: string, word: string) => {
      const bytes = encoding.toLowerCase() === 'b' ? Buffer.from(word, 'base64') : quotedBytes(word);
      return bytes.toString(/^(iso-8859-1|latin1)$/i.test(charset) ? 'latin1' : 'utf8');
    });
}

function quotedBytes(word: string): Buffer {
  const characters = word
    .replaceAll('_', ' ')
    .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(characters, 'latin1');
}

/** Writes text for a header field: words that are not ASCII in the encoding of RFC 2047. */
export function encodeMailWords(text: string): string {
  if (isAscii(text)) return text;
  // A header line has 76 columns, so that a word holds few characters.
  return [...text.matchAll(/.{1,12}/gsu)]
    .map(([part]) => `=?UTF-8?B?${Buffer.from(part).toString('base64')}?=`)
    .join('\n ');
}

/** Writes `Name <mail>` for a header field. */
export function encodeMailAuthor(author: string): string {
  const [, name = author, mail = ''] = /^(.*?)( <[^<>]*>)$/s.exec(author) ?? [];
  return `${encodeMailWords(name)}${mail}`;
}

/** Whether a text needs no word on its encoding. */
export function isAscii(text: string): boolean {
  return /^[\n\t\u0020-\u007e]*$/.test(text);
}
