export interface PieceWriter {
  write(bytes: Uint8Array): void;
  /** Passes on what is left, if anything is. */
  end(): void;
}

/** Bytes that there is room for at first. */
const FIRST = 1 << 14;

/** Passes what is written on in pieces of `size` bytes; each is valid until the call returns. */
export function inPieces(size: number, onPiece: (piece: Buffer) => void): PieceWriter {
  // Most of what is written is far smaller than a piece, and Node is slow to give large buffers back.
  let piece = Buffer.allocUnsafe(FIRST);
  let filled = 0;
  const room = (needed: number): void => {
    if (piece.length >= needed) return;
    const larger = Buffer.allocUnsafe(Math.min(size, Math.max(needed, 4 * piece.length)));
    piece.copy(larger, 0, 0, filled);
    piece = larger;
  };
  const flush = (): void => {
    onPiece(piece.subarray(0, filled));
    filled = 0;
  };
  return {
    write(bytes) {
      for (let at = 0; at < bytes.length;) {
        const count = Math.min(size - filled, bytes.length - at);
        room(filled + count);
        piece.set(bytes.subarray(at, at + count), filled);
        at += count;
        filled += count;
        if (filled === size) flush();
      }
    },
    end() {
      if (filled > 0) flush();
    },
  };
}
