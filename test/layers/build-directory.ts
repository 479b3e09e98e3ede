/** A build directory in memory, read with varve's own metadata. */
import { loadMetadata, type Metadata } from '../../lib/layers/load-metadata.ts';
import type { Python } from '../../lib/ports/python.ts';
import type { RunResult } from '../../lib/ports/world.ts';
import type { Place } from '../../lib/terms/varve-error.ts';
import { metaFiles } from '../support/meta-files.ts';
import { memoryWorld } from '../support/memory-world.ts';

export interface BuildDirectory {
  /** Files by absolute path: layers below `/layers`, the build directory at `/build`. */
  readonly files: Readonly<Record<string, string>>;
  /** Layers in BBLAYERS; left out: `/layers/meta`, which then has a layer.conf. */
  readonly layers?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Left out: there is no Python to be had. */
  readonly python?: () => Python;
  /** As a build reads it. */
  readonly strict?: boolean;
}

export interface Read extends Metadata {
  readonly warnings: readonly { readonly text: string; readonly place: Place | undefined }[];
}

/** The layer.conf of a layer with recipes in `recipes/`. */
export function layerConf(name: string, further = ''): string {
  return `BBPATH .= ":\${LAYERDIR}"
BBFILES += "\${LAYERDIR}/recipes/*.bb \${LAYERDIR}/recipes/*.bbappend"
BBFILE_COLLECTIONS += "${name}"
BBFILE_PATTERN_${name} = "^\${LAYERDIR}/"
${further}
`;
}

/** Reads the metadata of a build directory. */
export function read({ files, layers, env = {}, python = noPython, strict = false }: BuildDirectory): Read {
  const own = layers ?? ['/layers/meta'];
  const warnings: { text: string; place: Place | undefined }[] = [];
  const world = memoryWorld({
    env,
    files: {
      ...metaFiles(),
      '/build/conf/bblayers.conf': `BBLAYERS = "${own.join(' ')}"\n`,
      ...(layers === undefined ? { '/layers/meta/conf/layer.conf': layerConf('meta') } : {}),
      ...files,
    },
    run: () => answer('x86_64\n'),
  });
  const loaded = loadMetadata(world, {
    buildDir: '/build',
    python,
    strict,
    warn: (text, place) => void warnings.push({ text, place }),
  });
  return { ...loaded, warnings };
}

function noPython(): never {
  throw new Error('Python was asked');
}

/** A program that ends well and says `text`. */
export function answer(text: string): RunResult {
  return { status: 0, signal: null, stdout: Buffer.from(text), stderr: Buffer.alloc(0) };
}

/** What `work` throws, as far as a person is told; undefined where it throws nothing. */
export function refusal(work: () => unknown): unknown {
  try {
    work();
    return undefined;
  } catch (error) {
    const { fault, message, place, hints } = error as Record<string, unknown>;
    if (fault === undefined) throw error;
    return { fault, message, ...(place === undefined ? {} : { place }), hints };
  }
}
