import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { showArtifact } from '../../lib/operations/artifacts.ts';
import { artifactProvenance } from '../../lib/operations/artifact-provenance.ts';
import { archivePath } from '../../lib/artifacts/store-paths.ts';
import { buildDir, memoryBuild } from '../support/memory-build.ts';
import { plainRecipe } from '../support/workspace.ts';

const EMPTY_TAR = createHash('sha256').update(Buffer.alloc(10240)).digest('hex');

test('a provenance statement names the archive by its content, and all that it was made from', async () => {
  const tasks = { do_compile: 'true', do_install: 'true' };
  const w = memoryBuild({
    files: {
      'recipes/lib_1.bb': plainRecipe(tasks),
      'recipes/app_1.bb': plainRecipe(tasks, 'DEPENDS = "lib"\nSRC_URI = "file://notes"\n'),
      'recipes/app/notes': 'text\n',
    },
    host: 'farm',
  });
  await w.build('app');
  const of = (rev: string) => showArtifact(w.world, { buildDir, rev });
  const { subject, predicate } = artifactProvenance(w.world, { buildDir, rev: 'app' });
  const archive = w.world.fs.readFileSync(`${buildDir}/artifacts/${archivePath(of('app').archive)}`);
  expect(subject).toEqual([
    { name: 'app-1.tar.gz', digest: { sha256: createHash('sha256').update(archive).digest('hex') } },
  ]);
  expect(predicate.buildDefinition).toMatchObject({
    externalParameters: { recipe: 'app', version: '1', task: 'do_install' },
    internalParameters: { signature: of('app').signature },
  });
  const used = new Map(
    predicate.buildDefinition.resolvedDependencies.map(({ name, digest, annotations }) => [
      name,
      { digest, annotations },
    ]),
  );
  expect(used.get('artifact lib')).toMatchObject({ digest: { sha256: of('lib').id } });
  expect(used.get('file notes')).toMatchObject({
    digest: { sha256: createHash('sha256').update('text\n').digest('hex') },
  });
  expect(used.get('hosttool gcc')).toMatchObject({
    annotations: { version: expect.stringMatching(/^gcc 12\.2/) },
  });
  expect(predicate.runDetails.builder.id).toBe('urn:varve:host:farm');
});

test('a source is told once, by where it is fetched from', async () => {
  const url = 'http://h.example/more-2.tar';
  const uris = `SRC_URI = "file://notes.tar ${url};subdir=app-1/more"\nSRC_URI[sha256sum] = "${EMPTY_TAR}"\n`;
  const w = memoryBuild({
    files: {
      'recipes/app_1.bb': plainRecipe({ do_compile: 'true', do_install: 'true' }, uris),
      'recipes/app/notes.tar': Buffer.alloc(10240).toString('latin1'),
    },
  });
  w.world.fs.mkdirSync(`${buildDir}/downloads`, { recursive: true });
  w.world.fs.writeFileSync(`${buildDir}/downloads/more-2.tar`, Buffer.alloc(10240));
  await w.build('app');
  const { predicate } = artifactProvenance(w.world, { buildDir, rev: 'app' });
  const sources = predicate.buildDefinition.resolvedDependencies.filter(({ name }) =>
    name.startsWith('source'),
  );
  expect(sources).toEqual([{ name: `source ${url}`, uri: url, digest: { sha256: EMPTY_TAR } }]);
});
