import { VarveError } from '../../terms/varve-error.ts';
import { defineCommand, withSubcommands } from '../command.ts';
import { revokeCommand } from './artifact-revoke.ts';

const list = defineCommand({
  command: 'list',
  describe: 'List the artifacts in the store',
  examples: [['varve artifact list', 'Recipe, version, id and size of each']],
  builder: (yargs) => yargs,
  run: async (call) => {
    const { listArtifacts } = await import('../../operations/artifacts.ts');
    const { formatArtifacts, formatLosses } = await import('../../reporting/format-artifacts.ts');
    const listing = listArtifacts(call.world, { buildDir: call.buildDir() });
    for (const line of formatLosses(listing)) call.note(line);
    call.answer(listing.entries, () => formatArtifacts(listing, call));
  },
});

const show = defineCommand({
  command: 'show <recipe>',
  describe: 'Show the artifact of a recipe',
  examples: [
    ['varve artifact show zlib', 'Its signature, id, tree and archive, who built it, and who signed it'],
    ['varve artifact show zlib --provenance', 'An in-toto statement: sources, artifacts, layers, host tools'],
  ],
  builder: (yargs) =>
    yargs
      .positional('recipe', { type: 'string', demandOption: true, describe: 'RECIPE[@BUILD]' })
      .option('provenance', {
        type: 'boolean',
        describe: 'What it was made from and by whom, as SLSA provenance v1',
      }),
  run: async (call, { recipe, provenance }) => {
    if (provenance === true) {
      const { artifactProvenance } = await import('../../operations/artifact-provenance.ts');
      const statement = artifactProvenance(call.world, { buildDir: call.buildDir(), rev: recipe });
      call.answer(statement, () => `${JSON.stringify(statement, undefined, 2)}\n`);
      return;
    }
    const { showArtifact } = await import('../../operations/artifacts.ts');
    const { formatArtifact } = await import('../../reporting/format-artifacts.ts');
    const artifact = showArtifact(call.world, { buildDir: call.buildDir(), rev: recipe });
    call.answer(artifact, () => formatArtifact(artifact, call));
  },
});

const exportFile = defineCommand({
  command: 'export <recipe> <file>',
  describe: 'Write the archive of an artifact to FILE, and FILE.json that says what it is',
  examples: [
    ['varve artifact export zlib zlib.tar.gz', 'The same bytes wherever the same artifact is exported'],
  ],
  builder: (yargs) =>
    yargs
      .positional('recipe', { type: 'string', demandOption: true, describe: 'RECIPE[@BUILD]' })
      .positional('file', { type: 'string', demandOption: true, describe: 'The file to write' }),
  run: async (call, { recipe, file }) => {
    const { exportArtifactFile } = await import('../../operations/artifact-files.ts');
    const { formatExported } = await import('../../reporting/format-artifacts.ts');
    const request = { buildDir: call.buildDir(), rev: recipe, file: call.path(file) };
    const exported = exportArtifactFile(call.world, request, call.note);
    call.answer(exported, () => formatExported(exported, file));
  },
});

const importFile = defineCommand({
  command: 'import <file>',
  describe: 'Take an exported artifact into the store',
  examples: [['varve artifact import zlib.tar.gz', 'With zlib.tar.gz.json beside it, as export writes them']],
  builder: (yargs) =>
    yargs.positional('file', { type: 'string', demandOption: true, describe: 'The file that export wrote' }),
  run: async (call, { file }) => {
    const { importArtifactFile } = await import('../../operations/artifact-files.ts');
    const { formatBuildPaths, formatImported } = await import('../../reporting/format-artifacts.ts');
    const request = { buildDir: call.buildDir(), file: call.path(file) };
    const imported = importArtifactFile(call.world, request, call.note);
    const named = formatBuildPaths(imported);
    if (named !== undefined) call.note(named);
    call.answer(imported, () => formatImported(imported, file));
    return imported.outcome === 'other' ? 1 : 0;
  },
});

const verify = defineCommand({
  command: 'verify [recipe]',
  describe: 'Read the archives in the store whole, and take what is damaged out of the way',
  examples: [['varve artifact verify', 'Exit 1 where something was damaged; the next build makes it anew']],
  builder: (yargs) =>
    yargs.positional('recipe', { type: 'string', describe: 'Only what the store has of this recipe' }),
  run: async (call, { recipe }) => {
    const { verifyArtifacts } = await import('../../operations/artifacts.ts');
    const { formatVerified } = await import('../../reporting/format-artifacts.ts');
    const buildDir = call.buildDir();
    const verified = verifyArtifacts(call.world, { buildDir, ...(recipe === undefined ? {} : { recipe }) });
    call.answer(verified, () => formatVerified(verified));
    return verified.damaged.length > 0 ? 1 : 0;
  },
});

const push = defineCommand({
  command: 'push [target..]',
  describe: 'Put artifacts on a mirror, for others to build with',
  examples: [
    ['varve artifact push', 'All that stands in the newest build, to the first of ARTIFACT_MIRRORS'],
    ['varve artifact push zlib https://cache.example.com/varve', 'zlib and what it was built from'],
    ['varve artifact push --verify', 'After a warning that the mirror has something damaged: puts it right'],
  ],
  builder: (yargs) =>
    yargs
      .positional('target', {
        type: 'string',
        array: true,
        describe: 'RECIPE[@BUILD]…, and the root of the mirror: https://…, file:///…',
      })
      .option('verify', {
        type: 'boolean',
        describe: 'Read the archives there whole, and replace damaged ones; else their length tells',
      }),
  run: async (call, { target = [], verify: verifies }) => {
    const { pushArtifacts } = await import('../../operations/push-artifacts.ts');
    const { formatPushed, formatPushTroubles } = await import('../../reporting/format-artifacts.ts');
    const [mirror, ...others] = target.filter((word) => word.includes('://'));
    if (others.length > 0) throw new VarveError('usage', 'artifacts are pushed to one mirror at a time');
    const pushed = await pushArtifacts(
      call.world,
      {
        buildDir: call.buildDir(),
        targets: target.filter((word) => !word.includes('://')),
        ...(mirror === undefined ? {} : { mirror }),
        verify: verifies === true,
      },
      call.note,
    );
    for (const line of formatPushTroubles(pushed)) call.note(line);
    call.answer(pushed, () => formatPushed(pushed, call));
    return pushed.artifacts.some((each) => each.pushed.kind === 'damaged') ? 1 : 0;
  },
});

/** `varve artifact list|show|export|import|verify|push|revoke`: the artifact store. */
export const artifactCommand = withSubcommands(
  { name: 'artifact', describe: 'The artifact store: list, show, export, import, verify, push, revoke' },
  [list, show, exportFile, importFile, verify, push, revokeCommand],
);
