import { expect, test } from 'vitest';
import { main } from '../../lib/cli/main.ts';
import type { RunOptions } from '../../lib/ports/world.ts';
import { worldWithBuilds, type BuildState } from '../operations/recorded.ts';

const builds: readonly BuildState[] = [
  { recipes: { app: { tasks: { do_compile: { files: { x: 'x\n' } } } } } },
];

/** `varve diff app:compile --name-status` at a terminal; what was shown, and by what. */
async function shown(env: Readonly<Record<string, string>>, { status = 0, columns = 80 } = {}) {
  const paged: string[] = [];
  const run = (_program: string, args: readonly string[], { input, env: given }: RunOptions) => {
    paged.push(`${args.at(-1)} LESS=${given?.['LESS']}: ${Buffer.from(input ?? '').toString()}`);
    return { status, signal: null, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  };
  const world = worldWithBuilds(builds, { env, run, ...(columns > 0 && { columns }) });
  await main(world, ['diff', 'app:compile', '--name-status']);
  return { paged, printed: world.written().stdout };
}

test('at a terminal a difference is shown by less, or by what PAGER or VARVE_PAGER names', async () => {
  expect(await shown({})).toEqual({ paged: ['less LESS=FRX: A\tx\n'], printed: '' });
  expect(await shown({ PAGER: 'more', LESS: 'S' })).toEqual({ paged: ['more LESS=S: A\tx\n'], printed: '' });
  expect((await shown({ PAGER: 'more', VARVE_PAGER: 'most -x' })).paged).toEqual([
    'most -x LESS=FRX: A\tx\n',
  ]);
});

test('it is printed where there is no terminal, no pager, or none is wanted', async () => {
  const printed = { paged: [], printed: 'A\tx\n' };
  expect(await shown({}, { columns: 0 })).toEqual(printed);
  expect(await shown({ PAGER: 'cat' })).toEqual(printed);
  expect(await shown({ VARVE_PAGER: '' })).toEqual(printed);
  expect((await shown({ PAGER: 'missing' }, { status: 127 })).printed).toBe('A\tx\n');
});

test('names and contents do not command a terminal, and elsewhere they are what they are', async () => {
  const evil = 'x\u001b]0;title\u0007\n';
  const recorded = [{ recipes: { app: { tasks: { do_compile: { files: { x: evil } } } } } }];
  const printed = async (columns?: number): Promise<string> => {
    const world = worldWithBuilds(recorded, {
      env: { PAGER: '' },
      ...(columns !== undefined && { columns }),
    });
    await main(world, ['diff', 'app:compile']);
    return world.written().stdout;
  };
  expect(await printed(80)).toContain('x·]0;title·');
  expect(await printed()).toContain(`+${evil}`);
  const world = worldWithBuilds(recorded, {});
  await main(world, ['show', 'no\u001b[2Jne']);
  expect(world.written().stderr).toContain('no·[2Jne');
});
