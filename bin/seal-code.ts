/** V8 believes what it made once: of the text it compares the length alone, and what a disk did to the code it does not see. */
import { crc32 } from 'node:zlib';

/** The code, and after it a checksum of the text that it was made of and of itself: four bytes, little endian. */
export function sealCode(code: Buffer, text: Buffer): Buffer {
  const seal = Buffer.alloc(4);
  seal.writeUInt32LE(crc32(code, crc32(text)));
  return Buffer.concat([code, seal]);
}

/** The code without its seal; undefined where it is not of this text, or damaged. */
export function unsealCode(sealed: Buffer | undefined, text: Buffer): Buffer | undefined {
  if (sealed === undefined || sealed.length < 4) return undefined;
  const code = sealed.subarray(0, -4);
  return sealed.readUInt32LE(code.length) === crc32(code, crc32(text)) ? code : undefined;
}
