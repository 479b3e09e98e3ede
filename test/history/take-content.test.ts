/** Files that are read one after the other, into the same memory where they fit. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { diskHistory } from '../support/real-git.ts';

const scope = { exclude: [], image: 'image' };
const MEMORY = 4 << 20;

test('each file has its own content, whatever the sizes of those before and after it', () => {
  const history = diskHistory();
  const sizes = [5, 0, MEMORY - 1, 3, MEMORY, MEMORY + 1, 70_000, 2 * MEMORY, 1];
  const contents = new Map(
    sizes.map((size, i) => [
      `file${i}`,
      Buffer.alloc(size, `content of file ${i}, which is like no other\n`),
    ]),
  );
  for (const [name, content] of contents) fs.writeFileSync(join(history.workdir, name), content);
  const { objects } = history;
  const recorded = objects.readTree(history.snapshot(scope).tree);
  expect(recorded.map(({ name }) => name)).toEqual([...contents.keys()]);
  for (const { name, oid } of recorded)
    expect([name, objects.readBlob(oid).equals(contents.get(name) ?? Buffer.alloc(0))]).toEqual([name, true]);
});
