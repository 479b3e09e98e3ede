/** Computes the checksum that ends a zlib stream; `start` is that of what came before, 1 at the beginning. */
export function adler32(start: number, bytes: Uint8Array): number {
  let a = start & 0xffff;
  let b = start >>> 16;
  for (let at = 0; at < bytes.length;) {
    // 3800 bytes at most keep both sums exact within 32 bits.
    const end = Math.min(at + 3800, bytes.length);
    for (; at < end; at++) {
      a += bytes[at] ?? 0;
      b += a;
    }
    a %= 65521;
    b %= 65521;
  }
  return ((b << 16) | a) >>> 0;
}
