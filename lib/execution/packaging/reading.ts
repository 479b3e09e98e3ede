import type { Read } from '../../artifacts/read-tar.ts';

/** Reads bytes that are there as a whole. */
export function reading(bytes: Buffer): Read {
  let at = 0;
  return (buffer) => {
    const count = bytes.copy(buffer, 0, at);
    at += count;
    return count;
  };
}
