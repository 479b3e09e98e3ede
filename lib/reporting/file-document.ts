import type { RecordedFile } from '../operations/cat-file.ts';
import { pathFields } from './shown-path.ts';

/** A file as `cat --json` tells it: text where it is UTF-8, else base64. */
export function fileDocument(file: RecordedFile): object {
  const { bytes } = file;
  const text = bytes.toString('utf8');
  const content = Buffer.from(text, 'utf8').equals(bytes)
    ? { content: text }
    : { contentBase64: bytes.toString('base64') };
  return {
    schema: 1,
    rev: file.rev,
    ...pathFields(file.path),
    mode: (0o100000 | file.mode).toString(8),
    oid: file.oid,
    size: bytes.length,
    ...content,
  };
}
