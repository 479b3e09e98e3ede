import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Compression } from './archive-kind.ts';
import { bufferSource, fileSource, type ByteSource } from './byte-source.ts';
import { sourceError, type SourceContext } from './source-context.ts';

const MEBIBYTE = 1 << 20;
/** Largest gzip file, and largest content, that is decompressed in memory. */
const IN_MEMORY = { packed: 64 * MEBIBYTE, unpacked: 512 * MEBIBYTE };
/** What may come out: so many times what goes in, but so much in any case (if the context sets nothing else). */
const LIMIT = { ratio: 500, least: 1024 * MEBIBYTE };

export interface Compressed {
  /** The entry of SRC_URI. */
  readonly uri: string;
  readonly path: string;
  readonly compression: Compression;
  /** An empty directory for what does not go through memory. */
  readonly scratch: string;
}

/**
 * Opens the content of a compressed file. gzip is done here; for others the host's program is asked, or python3 where
 * that is missing. It goes through a file, since a kernel's source is more than one wants to hold in memory.
 */
export function openDecompressed(context: SourceContext, compressed: Compressed): ByteSource {
  const { fs } = context.world;
  const { path, compression } = compressed;
  const { size } = fs.statSync(path);
  if (compression === 'none') return fileSource(fs, path);
  const limit = Math.max(context.unpackLimit ?? LIMIT.least, size * LIMIT.ratio);
  if (compression === 'gzip' && size <= IN_MEMORY.packed) {
    const bytes = gunzipInMemory(context, compressed, Math.min(limit, IN_MEMORY.unpacked));
    if (bytes !== undefined) return bufferSource(bytes);
  }
  const out = join(compressed.scratch, 'content');
  runDecompressor(context, compressed, { out, limit });
  return fileSource(fs, out);
}

function gunzipInMemory(context: SourceContext, compressed: Compressed, most: number): Buffer | undefined {
  try {
    const bytes = context.world.fs.readFileSync(compressed.path);
    return gunzipSync(bytes, { maxOutputLength: most, chunkSize: MEBIBYTE });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ERR_BUFFER_TOO_LARGE') return undefined;
    if (!code.startsWith('Z_')) throw error;
    throw damaged(context, compressed, error instanceof Error ? error.message : code);
  }
}

const PYTHON = (module: string): readonly string[] => [
  'python3',
  '-c',
  `import sys, shutil, ${module}; shutil.copyfileobj(${module}.open(sys.argv[1]), sys.stdout.buffer, 1 << 20)`,
];

const PROGRAMS: Readonly<Record<Exclude<Compression, 'none'>, readonly (readonly string[])[]>> = {
  gzip: [['gzip', '-dc', '--'], PYTHON('gzip')],
  bzip2: [['bzip2', '-dc', '--'], PYTHON('bz2')],
  xz: [['xz', '-dc', '--'], PYTHON('lzma')],
  zstd: [['zstd', '-dcq', '--']],
};

/** 127: the shell found no such program. The limit (ulimit counts in 512 bytes) stops an archive that is a bomb. */
const SCRIPT =
  'ulimit -f "$1" && out=$2 && shift 2 && { command -v "$1" >/dev/null || exit 127; } && exec "$@" >"$out"';

interface Output {
  readonly out: string;
  readonly limit: number;
}

function runDecompressor(context: SourceContext, compressed: Compressed, { out, limit }: Output): void {
  const { fs, env, run } = context.world;
  const { compression, path } = compressed;
  if (compression === 'none') return;
  for (const command of PROGRAMS[compression]) {
    const result = run(
      '/bin/sh',
      ['-c', SCRIPT, 'sh', String(Math.ceil(limit / 512)), out, ...command, path],
      {
        env: { PATH: env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C' },
      },
    );
    if (result.status === 0) return;
    if (result.status === 127) continue;
    const size = fs.statSync(out, { throwIfNoEntry: false })?.size ?? 0;
    const said =
      result.signal === null
        ? result.stderr.toString('utf8').trim()
        : `${command[0] ?? ''} was ended by ${result.signal}`;
    if (size + MEBIBYTE < limit) throw damaged(context, compressed, said);
    throw sourceError(context, 'task', {
      message: `${path} holds more than ${limit} bytes, too much for an archive of its size`,
      uri: compressed.uri,
    });
  }
  const [program = ''] = PROGRAMS[compression][0] ?? [];
  throw sourceError(context, 'task', {
    message: `nothing on this machine can decompress ${path}`,
    uri: compressed.uri,
    hints: [`Install the program ${program}.`],
  });
}

function damaged(context: SourceContext, { path, uri }: Compressed, said: string): Error {
  return sourceError(context, 'task', {
    message: `${path} cannot be decompressed`,
    uri,
    hints: said === '' ? [] : [said],
  });
}
