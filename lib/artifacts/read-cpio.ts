import { Damage } from './damage.ts';
import { passOn, type Read } from './read-tar.ts';

const HEADER = 110;

/** Reads a cpio that `writeCpioMembers` wrote from front to end; what is left of a content is passed over. */
export function readCpio(read: Read, visit: (name: string, content: Read) => void): void {
  for (;;) {
    const header = exactly(read, HEADER).toString('latin1');
    if (!header.startsWith('070701')) throw new Damage('it is no cpio');
    const field = (index: number): number => Number.parseInt(header.slice(6 + 8 * index, 14 + 8 * index), 16);
    const [size, length] = [field(6), field(11)];
    const name = exactly(read, length).toString('latin1', 0, length - 1);
    exactly(read, filling(HEADER + length));
    if (name === 'TRAILER!!!') return;
    let left = size;
    const content: Read = (buffer) => {
      const count = left === 0 ? 0 : read(buffer.subarray(0, Math.min(left, buffer.length)));
      left -= count;
      return count;
    };
    visit(name, content);
    passOn(content, () => undefined);
    if (left > 0) throw cutShort();
    exactly(read, filling(size));
  }
}

function exactly(read: Read, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length;) {
    const count = read(bytes.subarray(at));
    if (count === 0) throw cutShort();
    at += count;
  }
  return bytes;
}

function filling(size: number): number {
  return (4 - (size % 4)) % 4;
}

function cutShort(): Damage {
  return new Damage('it is cut short');
}
