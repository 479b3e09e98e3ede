import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { testWith } from '../support/needs.ts';
import { makeBuildDir, minutes, run, sources, tools, top, varve } from './real-workspace.ts';

testWith({ programs: [...tools, 'aarch64-linux-gnu-gcc', 'qemu-aarch64', 'readelf'], files: sources })(
  'upstream software builds for a board with another processor, and runs there',
  { timeout: 20 * minutes },
  () => {
    const buildDir = makeBuildDir('board', 'MACHINE = "board"\nPACKAGE_CLASSES = "package_rpm"\n');
    varve(buildDir, 'build', '--offline', 'real-image-open', 'real-root');
    const root = join(top, 'board-root');
    varve(buildDir, 'restore', 'real-image-open', root);
    const emulator = [
      'qemu-aarch64',
      '-L',
      '/usr/aarch64-linux-gnu',
      '-E',
      `LD_LIBRARY_PATH=${root}/usr/lib`,
    ];
    const onBoard = (program: string, args: readonly string[], input = ''): string =>
      execFileSync(emulator[0] ?? '', [...emulator.slice(1), join(root, 'usr/bin', program), ...args], {
        input,
      }).toString('latin1');
    expect(run(['readelf', '-h', join(root, 'usr/bin/jq')])).toContain('AArch64');
    expect(onBoard('jq', ['-c', '{sum: (.a | add)}'], '{"a":[1,2,39]}')).toBe('{"sum":42}\n');
    expect(onBoard('jq', ['-n', '"varve-12" | capture("(?<n>[0-9]+)") | .n'])).toBe('"12"\n');
    expect(onBoard('lua', ['-e', 'print(7 // 2, #package.path > 0, _VERSION)'])).toBe('3\ttrue\tLua 5.4\n');
    expect(onBoard('minigzip', ['-V'])).toBe('minigzip, zlib 1.2.13\n');
    expect(onBoard('xmlwf', ['-v'])).toContain('expat_2.5.0');
    const packed = onBoard('bzip2', [], 'hello');
    expect(execFileSync('bzcat', { input: Buffer.from(packed, 'latin1') }).toString()).toBe('hello');

    // Of packages, with the board's own C library: nothing of this machine's is looked for.
    const made = mkdtempSync(join(top, 'board-packed-'));
    run(['tar', '-C', made, '-xpf', join(buildDir, 'tmp/deploy/images/board/real-root-board.rootfs.tar')]);
    const inRoot = (program: string, ...args: string[]): string =>
      run(['qemu-aarch64', '-L', made, join(made, 'usr/bin', program), ...args]);
    expect(inRoot('jq', '-nc', '[1, 2, 39] | add')).toBe('42\n');
    expect(inRoot('lua', '-e', 'print(7 // 2, _VERSION)')).toBe('3\tLua 5.4\n');
    expect(inRoot('minigzip', '-V')).toBe('minigzip, zlib 1.2.13\n');
  },
);
