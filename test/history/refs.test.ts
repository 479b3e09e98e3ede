import { createFsFromVolume, Volume } from 'memfs';
import { expect, test } from 'vitest';
import { openHistory } from '../../lib/history/history.ts';
import type { FileSystem } from '../../lib/ports/world.ts';
import type { ObjectId, StepKey } from '../../lib/terms/ids.ts';

const memory = (): FileSystem => createFsFromVolume(new Volume()) as unknown as FileSystem;
const open = (fs: FileSystem) => openHistory({ fs, gitDir: '/h.git', workdir: '/work', now: () => 0 });
const id = (digit: string): ObjectId => digit.repeat(40) as ObjectId;

test('refs read the same loose and packed, and a loose one wins', () => {
  const fs = memory();
  const { refs } = open(fs);
  refs.write('refs/tags/do_compile', id('1'));
  refs.write('refs/tags/do_compile@0123456789ab', id('1'));
  const packing = refs.pack();
  packing.place();
  packing.prune();
  expect(fs.readdirSync('/h.git/refs')).toEqual([]);
  refs.write('refs/tags/do_compile', id('2'));
  expect([...refs.list('refs/tags/do_compile')]).toEqual([
    ['refs/tags/do_compile', id('2')],
    ['refs/tags/do_compile@0123456789ab', id('1')],
  ]);
  expect(open(fs).refs.read('refs/tags/do_compile@0123456789ab')).toBe(id('1'));
});

test('many refs are read as each of them is, those that another process packs meanwhile among them', () => {
  const disk = memory();
  const { refs: others } = open(disk);
  for (const name of ['a', 'b', 'c']) others.write(`refs/tags/${name}`, id('1'));
  const pack = (): void => {
    const packing = others.pack();
    packing.place();
    packing.prune();
  };
  let packed = false;
  const fs: FileSystem = {
    ...disk,
    existsSync(path) {
      if (path === '/h.git/refs/tags/b' && !packed) {
        packed = true;
        pack();
        others.write('refs/tags/c', id('2'));
      }
      return disk.existsSync(path);
    },
  };
  const names = ['a', 'b', 'c', 'd'].map((name) => `refs/tags/${name}`);
  expect([...open(fs).refs.readEach(names)]).toEqual([
    ['refs/tags/a', id('1')],
    ['refs/tags/b', id('1')],
    ['refs/tags/c', id('2')],
  ]);
  expect(packed).toBe(true);
});

test('a deleted ref is gone from packed-refs too', () => {
  const { refs } = open(memory());
  refs.write('refs/tags/a', id('1'));
  refs.write('refs/tags/b', id('2'));
  const packing = refs.pack();
  packing.place();
  packing.prune();
  refs.delete('refs/tags/a');
  expect([...refs.list('refs/').keys()]).toEqual(['refs/tags/b']);
});

test('what an interrupted write left behind is no ref and does not hinder the next', () => {
  const fs = memory();
  const { refs } = open(fs);
  refs.write('refs/tags/a', id('1'));
  fs.writeFileSync('/h.git/refs/tags/a.lock', 'half');
  expect([...refs.list('refs/').keys()]).toEqual(['refs/tags/a']);
  refs.write('refs/tags/a', id('2'));
  expect(refs.read('refs/tags/a')).toBe(id('2'));
});

test('names that git refuses are refused', () => {
  const { refs } = open(memory());
  for (const name of ['refs/tags/a b', 'refs/../x', 'HEAD', 'refs/tags/x.lock', 'refs/tags/a~1']) {
    expect(() => refs.write(name, id('1'))).toThrow('git allows no ref called');
  }
});

test('a repeat is found by its step key among the stamps of its task', () => {
  const history = open(memory());
  const trailers = (step: string) =>
    [
      ['Task', 'zlib:do_compile'],
      ['Signature', 's'],
      ['Step', step],
    ] as const;
  const commit = (step: string) =>
    history.commit({
      tree: history.objects.writeTree([]),
      parents: [],
      subject: 'do_compile: zlib 1.3-r0',
      trailers: trailers(step),
      time: 5,
    });
  history.refs.write('refs/tags/do_compile@111111111111', commit('one'));
  history.refs.write('refs/tags/do_compile@failed', commit('two'));
  expect(history.findRepeat('do_compile', 'one' as StepKey)).toMatchObject({
    task: 'zlib:do_compile',
    step: 'one',
    edited: false,
  });
  expect(history.findRepeat('do_compile', 'two' as StepKey)).toBeUndefined();
});
