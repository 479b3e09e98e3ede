/** Strings with their length before them, of which everything of SSH is made. */

/** Writes strings one after the other. */
export function writeStrings(parts: readonly (Uint8Array | string)[]): Buffer {
  return Buffer.concat(
    parts.flatMap((part) => {
      const bytes = Buffer.from(part);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
}

/** Reads so many strings from `start` on; undefined where the bytes do not hold them. */
export function readStrings(bytes: Buffer, start: number, count: number): readonly Buffer[] | undefined {
  const strings: Buffer[] = [];
  let at = start;
  while (strings.length < count) {
    if (at + 4 > bytes.length) return undefined;
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) return undefined;
    strings.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return strings;
}
