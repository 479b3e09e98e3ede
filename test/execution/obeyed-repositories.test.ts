import { expect, test } from 'vitest';
import { obeyedRepositories } from '../../lib/execution/workdir/obeyed-repositories.ts';
import { memoryFileSystem } from '../support/memory-world.ts';

/** What is told of a WORKDIR with these files, of which only some are new where these are given. */
const told = (files: Readonly<Record<string, string>>, changed?: readonly string[]): readonly string[] =>
  obeyedRepositories(
    memoryFileSystem(
      Object.fromEntries(Object.entries(files).map(([path, text]) => [`/work/${path}`, text])),
    ),
    '/work',
    { isWorkdir: true, ...(changed && { changed }) },
  );
const of = (config: string): readonly string[] => told({ 's/.git/config': config });
const obeys = (what: string, place = 's'): string =>
  `/work/${place} is a git repository, and git run in it obeys its ${what}`;

test('what a clone has in its configuration makes git run nothing', () => {
  const clone = `[core]
	repositoryformatversion = 0
	filemode = true
	bare = false
	logallrefupdates = true
# ours
[remote "origin"]
	url = https://example.org/a.git
	fetch = +refs/heads/*:refs/remotes/origin/*
[branch "main"]
	remote = origin
	merge = refs/heads/main
`;
  expect(of(clone)).toEqual([]);
  expect(of(clone.replaceAll('\n', '\r\n'))).toEqual([]);
  expect(told({ '.git': 'gitdir: ../history\n', 'a/HEAD': '', 'a/objects/x': '' })).toEqual([]);
});

test.each([
  ['[core]\n\tfsmonitor = ./x\n', '[core] fsmonitor = ./x'],
  ['[core] fsmonitor = ./x\n', '[core] fsmonitor = ./x'],
  ['[alias]\n\turl = !x\n', '[alias] url = !x'],
  ['[filter "a"]\nclean = x', '[filter "a"] clean = x'],
  ['[remote "a]\\""]\n\turl = x\n', '[remote "a]\\""]'],
  ['[core]\n\tbare = \\\n[include]\n\tpath = x\n', '[core] bare = \\'],
  ['[core]\r\n\tbare = \\\r\n\turl = x', '[core] bare = \\'],
  ['[extensions]\n\tworktreeConfig = true\n', '[extensions] worktreeConfig = true'],
  ['[core]\n\tworktree = ../../other\n', '[core] worktree = ../../other'],
  ['[core]\n\tpager = \u001b]0;x\u0007\n', '[core] pager = ·]0;x·'],
])('%j is told', (config, line) => {
  expect(of(config)).toEqual([obeys(`configuration: ${line}`)]);
});

test('repositories are found in every form, and a submodule is at home in its own tree', () => {
  const config = '[core]\n\tworktree = ../../../sub\n';
  const module = { 's/.git/modules/sub/config': config, 's/.git/modules/sub/HEAD': '' };
  const parts = { 's/.git/modules/sub/objects/x': '', 's/.git/modules/sub/refs/x': '' };
  expect(told({ ...module, ...parts, 's/sub/.git': 'gitdir: ../.git/modules/sub\n' })).toEqual([]);
  expect(told({ ...module, ...parts, 's/sub/file': '' })).toEqual([
    obeys('configuration: [core] worktree = ../../../sub', 's/.git/modules/sub'),
  ]);
  const evil = '[core]\n\tfsmonitor = x\n';
  expect(
    told({ 'a/HEAD': '', 'a/commondir': '../b\n', 'b/config': evil, 'c/.git': 'gitdir: ../b\n' }),
  ).toEqual(['a', 'c'].map((place) => obeys('configuration: [core] fsmonitor = x', place)));
});

test('of what changed only the repositories are told that it is a part of, each where git comes upon it', () => {
  const evil = '[core]\n\tfsmonitor = x\n';
  const bare = { 'b/HEAD': '', 'b/objects/x': '', 'b/refs/x': '', 'b/config': evil };
  const files = {
    ...bare,
    's/.git/config': evil,
    's/.git/HEAD': '',
    's/config/file': '',
    'l/.git': 'gitdir: ../b',
  };
  const at = (place: string): string => obeys('configuration: [core] fsmonitor = x', place);
  expect(told(files, ['s/config/file', 's/HEAD', 'b/file'])).toEqual([]);
  expect(told(files, ['s/.git/config', 's/.git/HEAD'])).toEqual([at('s')]);
  expect(told(files, ['b/config'])).toEqual([at('b')]);
  expect(told(files, ['b/objects/x', 'l/.git'])).toEqual([at('b')]);
  expect(told(files, ['l/.git'])).toEqual([at('l')]);
  expect(told({ 's/.git/hooks/a': '', ...bare }, ['s/.git/hooks/a'])).toEqual([]);
});

test('at the top of a WORKDIR git obeys its history, elsewhere what stands there', () => {
  const files = memoryFileSystem({ '/work/.git/config': '[alias]\n\tx = !x\n' });
  expect(obeyedRepositories(files, '/work', { isWorkdir: true })).toEqual([]);
  expect(obeyedRepositories(files, '/work')).toEqual([
    '/work is a git repository, and git run in it obeys its configuration: [alias] x = !x',
  ]);
});
