import * as fs from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openHistory } from '../../lib/history/history.ts';
import { repairRepository } from '../../lib/history/repair.ts';
import { git, scratchDirectory } from '../support/real-git.ts';

const scope = { exclude: [], image: 'image' };

test('after a repair a WORKDIR is read again, and git finds it as clean as it is', () => {
  const dir = scratchDirectory();
  const [gitDir, workdir] = [join(dir, 'history.git'), join(dir, 'work')];
  fs.mkdirSync(workdir);
  fs.writeFileSync(join(workdir, 'file'), 'text');
  const history = openHistory({ fs, gitDir, workdir, now: () => 0 });
  const { tree } = history.snapshot(scope);
  history.setHead(history.commit({ tree, parents: [], subject: 'x', trailers: [], time: 1 }));
  history.link();

  expect(repairRepository(fs, gitDir, 0)).toEqual([]);
  expect(git(workdir, 'status', '--porcelain')).toBe('');
  expect(history.changed(scope)).toBeUndefined();
  expect(history.snapshot(scope).files).toEqual({ added: 0, modified: 0, deleted: 0 });
  expect(git(workdir, 'status', '--porcelain')).toBe('');
});
