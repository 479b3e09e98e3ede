import { isAbsolute, join, relative, resolve } from 'node:path';
import { isBelow } from '../terms/is-below.ts';
import { archiveKind } from './archive-kind.ts';
import { checkoutGit } from './checkout-git.ts';
import { copyLocal } from './copy-local.ts';
import { expectedChecksum } from './expected-checksum.ts';
import { downloadPath } from './fetch-download.ts';
import { fileSha256 } from './file-sha256.ts';
import { findLocalFile } from './find-local-file.ts';
import { gitDestination } from './git-destination.ts';
import { unpackedName } from './list-patches.ts';
import {
  isYes,
  parseSrcUri,
  type FileUri,
  type GitUri,
  type HttpUri,
  type SourceUri,
} from './parse-src-uri.ts';
import { explainFailure, sourceError, type SourceContext } from './source-context.ts';
import { createTreeWriter, type TreeWriter } from './tree-writer.ts';
import { unpackArchive } from './unpack-archive.ts';

/**
 * Does do_unpack: brings every source into UNPACKDIR, in the order of SRC_URI. Nothing is written outside of it, or
 * through a symbolic link, whatever an archive says.
 */
export function unpackSources(context: SourceContext): void {
  const { fs } = context.world;
  const uris = parseSrcUri(context.srcUri, context);
  if (context.unpackDir !== context.workdir && !isBelow(resolve(context.unpackDir), context.workdir)) {
    throw sourceError(context, 'metadata', {
      message: `UNPACKDIR is ${context.unpackDir}, which is not below WORKDIR`,
      hints: [`varve env ${context.recipe} UNPACKDIR   shows what made the value`],
    });
  }
  for (const dir of [context.workdir, context.unpackDir]) fs.mkdirSync(dir, { recursive: true });
  for (const uri of uris) {
    const scratch = fs.mkdtempSync(join(context.workdir, '.varve-unpack-'));
    try {
      unpackOne(context, uri, scratch);
    } catch (error) {
      throw explainFailure(context, uri.text, error);
    } finally {
      fs.rmSync(scratch, { recursive: true, force: true });
    }
  }
}

function unpackOne(context: SourceContext, uri: SourceUri, scratch: string): void {
  switch (uri.kind) {
    case 'file':
      return unpackFile(context, uri, { path: findLocalFile(context, uri), scratch });
    case 'http':
      refuseReplaced(context, uri);
      return unpackFile(context, uri, { path: downloadPath(context, uri), scratch });
    case 'git':
      return unpackGit(context, uri, scratch);
    default:
      return uri satisfies never;
  }
}

/** Another recipe, or another build, may have put its own file of that name there since this one was found to be right. */
function refuseReplaced(context: SourceContext, uri: HttpUri): void {
  const path = downloadPath(context, uri);
  const expected = expectedChecksum(context, uri);
  const { fs } = context.world;
  if (expected === undefined || !fs.existsSync(path) || fileSha256(fs, path) === expected) return;
  throw sourceError(context, 'task', {
    message: `${path} was replaced by another file of that name while ${context.recipe} was to unpack it`,
    uri: uri.text,
    hints: [
      `Add ;downloadfilename=${context.recipe}-${uri.localName}, so that no other source has its name.`,
    ],
  });
}

interface Unpacking {
  readonly path: string;
  readonly scratch: string;
}

function unpackFile(context: SourceContext, uri: FileUri | HttpUri, { path, scratch }: Unpacking): void {
  const { fs } = context.world;
  if (!fs.existsSync(path)) {
    throw sourceError(context, 'task', {
      message: `${path} of "${uri.text}" is gone`,
      uri: uri.text,
      hints: [`varve build -f -c fetch ${context.recipe}`],
    });
  }
  const isDirectory = fs.statSync(path).isDirectory();
  const name = unpackedName(uri);
  const basename = name.slice(name.lastIndexOf('/') + 1);
  if (!isDirectory && isYes(uri, 'unpack', true)) {
    // Of a compressed patch the parameter means the directories within the patch.
    const holdsTree = ['tar', 'zip'].includes(archiveKind(basename).kind);
    const writer = openWriter(context, uri, holdsTree ? Number(uri.params.get('striplevel') ?? '0') : 0);
    if (unpackArchive(context, writer, { uri: uri.text, path, name: basename, scratch })) {
      context.log(`unpacked ${basename}`);
      return writer.finish();
    }
  }
  const writer = openWriter(context, uri, 0);
  copyLocal(writer, { fs, from: path, name: Buffer.from(name).toString('latin1') });
  context.log(`copied ${name}`);
  writer.finish();
}

function unpackGit(context: SourceContext, uri: GitUri, scratch: string): void {
  const destsuffix = gitDestination(context, uri);
  const writer = openWriter(context, uri, 0);
  writer.directory(destsuffix, { mode: 0o755, mtime: 0 });
  const dir = join(context.unpackDir, subdirOf(context, uri), destsuffix);
  checkoutGit(context, uri, { dir, scratch });
  context.log(`checked out ${uri.text}`);
}

function openWriter(context: SourceContext, uri: SourceUri, strip: number): TreeWriter {
  return createTreeWriter({
    fs: context.world.fs,
    root: context.unpackDir,
    prefix: Buffer.from(subdirOf(context, uri)).toString('latin1'),
    strip,
    refuse: (name, why) => {
      const shown = Buffer.from(name, 'latin1').toString('utf8');
      return sourceError(context, 'task', {
        message: `"${shown}" of ${uri.text} is not unpacked: ${why}`,
        uri: uri.text,
      });
    },
  });
}

/** `;subdir=`, relative to UNPACKDIR. */
function subdirOf(context: SourceContext, uri: SourceUri): string {
  const subdir = uri.params.get('subdir') ?? '';
  return isAbsolute(subdir) ? relative(context.unpackDir, subdir) : subdir;
}
