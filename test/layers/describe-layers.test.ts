import { expect, test } from 'vitest';
import { describeLayers } from '../../lib/layers/describe-layers.ts';
import type { RunResult } from '../../lib/ports/world.ts';
import { memoryWorld } from '../support/memory-world.ts';
import { answer } from './build-directory.ts';

const commit = '0123456789012345678901234567890123456789';
const layer = { name: 'meta', path: '/src/meta', priority: 5 };

/** What is said of the layer, with these files and this answer of git. */
function described(files: Readonly<Record<string, string>>, status?: string): unknown {
  const run = (): RunResult => answer(status ?? '');
  const world = memoryWorld({ files, ...(status === undefined ? {} : { run }) });
  return describeLayers(world, { layers: [layer] })[0];
}

test('a layer in no repository is only where it is', () => {
  expect(described({ '/src/meta/conf/layer.conf': '' }, '')).toEqual(layer);
});

test('its commit is read without git: through a branch, packed or not, or a detached HEAD', () => {
  const detached = { ...layer, revision: commit };
  const expected = { ...detached, branch: 'main' };
  const branch = 'ref: refs/heads/main\n';
  expect(
    described({ '/src/meta/.git/HEAD': branch, '/src/meta/.git/refs/heads/main': `${commit}\n` }),
  ).toEqual(expected);
  const packed = `# pack-refs with: peeled\n${commit} refs/heads/main\n`;
  expect(described({ '/src/.git/HEAD': branch, '/src/.git/packed-refs': packed })).toEqual(expected);
  expect(described({ '/src/.git/HEAD': `${commit}\n` })).toEqual(detached);
});

test('a linked worktree and a submodule lead to their repository by a file', () => {
  const files = {
    '/src/.git': 'gitdir: ../main/.git/worktrees/src\n',
    '/main/.git/worktrees/src/HEAD': 'ref: refs/heads/topic\n',
    '/main/.git/worktrees/src/commondir': '../..\n',
    '/main/.git/refs/heads/topic': `${commit}\n`,
    '/main/.git/config': '[remote "origin"]\n\turl = https://example.org/meta.git\n',
  };
  expect(described(files)).toEqual({
    ...layer,
    branch: 'topic',
    revision: commit,
    remote: 'https://example.org/meta.git',
  });
});

test('a repository without a commit has a branch and no revision', () => {
  expect(described({ '/src/.git/HEAD': 'ref: refs/heads/main\n' }, '')).toEqual({ ...layer, branch: 'main' });
});

test('where there is git, it says whether files of the layer differ from the commit', () => {
  const files = { '/src/.git/HEAD': `${commit}\n` };
  expect(described(files, '')).toEqual({ ...layer, revision: commit, dirty: false });
  const said = ' M conf/layer.conf\n';
  expect(described(files, said)).toEqual({ ...layer, revision: commit, dirty: true, diff: said });
});

test('no password of a remote is told', () => {
  const files = {
    '/src/.git/HEAD': `${commit}\n`,
    '/src/.git/config':
      '[core]\n\tbare = false\n[remote "origin"]\n\tfetch = +refs/*\n\turl = https://me:secret@example.org/meta.git\n[remote "other"]\n\turl = x\n',
  };
  expect(described(files)).toEqual({ ...layer, revision: commit, remote: 'https://example.org/meta.git' });
});
