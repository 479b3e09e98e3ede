/** A directory of so many files that anything but a straight way through it would not end. */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { diskHistory, git } from '../support/real-git.ts';

const scope = { exclude: [], image: 'image' };
const many = process.env['VARVE_TEST_ALL'] === '1' ? 100_000 : 2_000;

test(`${many} files in one directory are recorded, put back and clean`, { timeout: 600_000 }, () => {
  const history = diskHistory();
  const { workdir } = history;
  fs.mkdirSync(join(workdir, 'one'));
  for (let i = 0; i < many; i++) fs.writeFileSync(join(workdir, 'one', `file ${i}`), `text ${i % 1000}`);
  for (let i = 0; i < many; i += 1000) fs.chmodSync(join(workdir, 'one', `file ${i}`), 0o600);
  const record = (): ReturnType<typeof history.commit> => {
    const { tree, times } = history.snapshot(scope);
    const commit = history.commit({ tree, parents: [], subject: 'x', trailers: [], time: 1 });
    history.notes.set('times', new Map([[commit, times]]));
    history.setHead(commit);
    return commit;
  };
  const commit = record();
  execFileSync('sh', ['-c', 'rm -r one && mkdir one && echo new > one/other'], { cwd: workdir });
  record();
  history.checkout(commit, scope);
  expect(fs.readdirSync(join(workdir, 'one'))).toHaveLength(many);
  expect(history.changed(scope)).toBeUndefined();
  history.link();
  expect(git(workdir, 'status', '--porcelain')).toBe('');
  expect(git(workdir, 'fsck', '--strict', '--no-dangling')).toBe('');
});
