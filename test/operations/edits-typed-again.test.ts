import { expect, test } from 'vitest';
import { blameFile } from '../../lib/operations/blame-file.ts';
import { logRevision } from '../../lib/operations/log-revision.ts';
import type { CommitId } from '../../lib/terms/ids.ts';
import { refs } from '../../lib/terms/places.ts';
import { buildDir, historyOf, treeOf, worldWithBuilds } from './recorded.ts';

test('edits that were typed again are told by their newest number, and so is a commit of a person that they stand on', () => {
  const text = ['one\n', 'one\ntwo\n', 'one\ntwo\nthree\n'];
  const [made = '', committed = '', typed = ''] = text;
  const world = worldWithBuilds([{ recipes: { app: { tasks: { do_unpack: { files: { a: made } } } } } }]);
  const history = historyOf(world, 'app');
  const [built] = logRevision(world, { buildDir, rev: 'app:unpack', across: false, paths: [] }, () => {});
  const commit = (content: string, parent: CommitId | undefined): CommitId =>
    history.commit({
      tree: treeOf(world, 'app', { a: content }),
      parents: parent === undefined ? [] : [parent],
      subject: 'edited: app',
      trailers: [],
      time: 0,
    });
  const own = commit(committed, built?.commit);
  const edits = commit(typed, own);
  for (const n of [1, 3]) history.refs.write(refs.edited(n), edits);
  history.refs.write(refs.edited(2), commit('other\n', built?.commit));
  const rows = logRevision(world, { buildDir, rev: 'app:edited', across: false, paths: [] }, () => {});
  expect(rows.map(({ task, edits: n }) => [task, n])).toEqual([
    ['do_unpack', undefined],
    ['edited', 3],
    ['edited', 3],
  ]);
  const { lines } = blameFile(world, { buildDir, rev: 'app:edited', path: 'a' }, () => {});
  expect(lines.map((line) => ('edits' in line ? line.edits : undefined))).toEqual([undefined, 3, 3]);
});
