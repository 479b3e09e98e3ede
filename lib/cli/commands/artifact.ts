import { defineCommand, withSubcommands } from '../command.ts';

const list = defineCommand({
  command: 'list',
  describe: 'List the artifacts in the store',
  examples: [['varve artifact list', 'Recipe, version, id and size of each']],
  builder: (yargs) => yargs,
  run: async (call) => {
    const { listArtifacts } = await import('../../operations/artifacts.ts');
    const { formatArtifacts } = await import('../../reporting/format-artifacts.ts');
    const artifacts = listArtifacts(call.world, { buildDir: call.buildDir() });
    call.answer(artifacts, () => formatArtifacts(artifacts, call));
  },
});

const show = defineCommand({
  command: 'show <recipe>',
  describe: 'Show the artifact of a recipe',
  examples: [['varve artifact show zlib', 'Its signature, id, tree and archive, and who built it']],
  builder: (yargs) =>
    yargs.positional('recipe', { type: 'string', demandOption: true, describe: 'RECIPE[@BUILD]' }),
  run: async (call, { recipe }) => {
    const { showArtifact } = await import('../../operations/artifacts.ts');
    const { formatArtifact } = await import('../../reporting/format-artifacts.ts');
    const artifact = showArtifact(call.world, { buildDir: call.buildDir(), rev: recipe });
    call.answer(artifact, () => formatArtifact(artifact, call));
  },
});

const exportFile = defineCommand({
  command: 'export <recipe> <file>',
  describe: 'Write the archive of an artifact to a file',
  examples: [
    ['varve artifact export zlib zlib.tar.gz', 'The same bytes wherever the same artifact is exported'],
  ],
  builder: (yargs) =>
    yargs
      .positional('recipe', { type: 'string', demandOption: true, describe: 'RECIPE[@BUILD]' })
      .positional('file', { type: 'string', demandOption: true, describe: 'The file to write' }),
  run: async (call, { recipe, file }) => {
    const { exportArtifactFile } = await import('../../operations/artifacts.ts');
    const { formatExported } = await import('../../reporting/format-artifacts.ts');
    const exported = exportArtifactFile(call.world, {
      buildDir: call.buildDir(),
      rev: recipe,
      file: call.path(file),
    });
    call.answer(exported, () => formatExported(exported, file));
  },
});

/** `varve artifact list|show|export`: the artifact store. */
export const artifactCommand = withSubcommands(
  { name: 'artifact', describe: 'The artifact store: list, show, export' },
  [list, show, exportFile],
);
