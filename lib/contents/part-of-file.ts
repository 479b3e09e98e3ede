import { isElf, readElf } from './read-elf.ts';

/**
 * Names the part of a file that holds the byte at `at`, where `text` begins: `line 17`, `run path`, `.debug_str`; undefined
 * where there is no telling.
 */
export function partOfFile(bytes: Buffer, at: number, text: string): string | undefined {
  if (isElf(bytes)) return partOfElf(bytes, at, text);
  if (bytes.includes(0)) return undefined;
  const line = bytes.subarray(0, at).filter((byte) => byte === NEWLINE).length + 1;
  return line === 1 && bytes.subarray(0, 2).equals(SHEBANG) ? '#! line' : `line ${line}`;
}

const NEWLINE = 10;
const SHEBANG = Buffer.from('#!');

function partOfElf(bytes: Buffer, at: number, text: string): string | undefined {
  const elf = readElf(bytes);
  const section = elf?.sections.find(({ content }) => {
    const start = (content?.byteOffset ?? 0) - bytes.byteOffset;
    return content !== undefined && at >= start && at < start + content.length;
  });
  const isRunPath = section?.name === '.dynstr' && elf?.runpath?.includes(text) === true;
  return isRunPath ? 'run path' : section?.name;
}
