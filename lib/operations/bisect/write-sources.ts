/** Writes the local files of SRC_URI as they were in builds. */
import { dirname, join } from 'node:path';
import { withoutParameters } from '../../sources/without-parameters.ts';
import type { TaskId } from '../../terms/ids.ts';
import type { Input } from '../../terms/inputs.ts';
import { systemPath } from '../../trees/raw-text.ts';
import { findSource } from '../record/find-source.ts';
import type { TheRecord } from '../record/open-record.ts';

/** Writes what is known of the files that do_unpack had into a directory, under their names in SRC_URI. */
export function writeSources(
  record: TheRecord,
  { task, inputs }: { readonly task: TaskId; readonly inputs: readonly Input[] },
  dir: string,
): void {
  const { fs } = record.world;
  fs.rmSync(dir, { recursive: true, force: true });
  fs.mkdirSync(dir, { recursive: true });
  for (const { kind, name, value, at } of inputs) {
    const [, sha256, form] = /^sha256:([0-9a-f]{64}) (644|755|link)$/.exec(value) ?? [];
    if (kind !== 'file' || sha256 === undefined) continue;
    const content = findSource(record, { task, name, ...(at !== undefined && { at }) }, { sha256 });
    if (content === undefined) continue;
    const place = join(dir, withoutParameters(name));
    const path = systemPath(place);
    fs.mkdirSync(systemPath(dirname(place)), { recursive: true });
    if (form === 'link') fs.symlinkSync(content, path);
    else fs.writeFileSync(path, content);
    if (form === '755') fs.chmodSync(path, 0o755);
  }
}
