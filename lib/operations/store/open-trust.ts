/** What the configuration and the store say of whom to trust. */
import { readRevocations } from '../../artifacts/revocations-file.ts';
import { loadMetadata, type Metadata } from '../../layers/load-metadata.ts';
import { placeOf } from '../../layers/place-of.ts';
import type { World } from '../../ports/world.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { KEY_TYPE, type KeyId } from '../../trust/public-key.ts';
import { readSigningKey, type SigningKey } from '../../trust/signing-key.ts';
import { createTrust, type Trust } from '../../trust/trust.ts';
import { readTrustedKeys } from '../../trust/trusted-keys.ts';
import type { Say } from '../../terms/say.ts';

type Configured = Pick<Metadata, 'config' | 'places'>;

/** Opens it: the keys of ARTIFACT_TRUSTED_KEYS, ARTIFACT_SIGNING_KEY, and what was revoked in ARTIFACT_DIR. */
export function openTrust(world: World, metadata: Configured, warn: (text: string) => void): Trust {
  const { places } = metadata;
  const signingKey = signingKeyOf(world, metadata);
  const trust = createTrust({ keys: trustedKeysOf(world, metadata), signingKey });
  const { revocations, unreadable } = readRevocations({ fs: world.fs, dir: places.artifactDir });
  trust.learn(revocations);
  if (signingKey !== undefined && trust.ownKey === undefined)
    warn(`ARTIFACT_SIGNING_KEY is revoked (${signingKey.id}): nothing is signed`);
  for (const line of unreadable)
    warn(`${places.artifactDir}/revocations:${line} cannot be read and is passed over`);
  for (const each of revocations.filter((one) => !trust.heeds(one)))
    warn(
      `${places.artifactDir}/revocations: that of ${each.by}, ${each.at}, is signed with none of ARTIFACT_TRUSTED_KEYS and is passed over`,
    );
  return trust;
}

/** Opens it for a question about the store. */
export function configuredTrust(world: World, buildDir: string, say: Say): Trust {
  const metadata = loadMetadata(world, { buildDir, python: world.python, warn: () => {} });
  return openTrust(world, metadata, (text) => say(`warning: ${text}`));
}

function trustedKeysOf(world: World, metadata: Configured): ReadonlySet<KeyId> | undefined {
  const value = wordOf(metadata, 'ARTIFACT_TRUSTED_KEYS');
  if (value === undefined) return undefined;
  const words = value.split(/\s+/);
  const files = words.filter((word) => isPath(word));
  const keys = new Set<KeyId>();
  // Keys may stand there themselves, each after its type.
  const inline = words.filter((word) => !isPath(word)).join(' ');
  const texts = [
    { what: 'ARTIFACT_TRUSTED_KEYS', text: inline.replaceAll(` ${KEY_TYPE} `, `\n${KEY_TYPE} `) },
    ...files.map((path) => ({ what: path, text: fileOf(world, metadata, 'ARTIFACT_TRUSTED_KEYS', path) })),
  ];
  for (const { what, text } of texts) {
    const read = readTrustedKeys(text);
    if (typeof read === 'string') throw noKey(metadata, 'ARTIFACT_TRUSTED_KEYS', `${what}: ${read}`);
    for (const key of read) keys.add(key);
  }
  if (keys.size > 0) return keys;
  throw noKey(metadata, 'ARTIFACT_TRUSTED_KEYS', `ARTIFACT_TRUSTED_KEYS holds no key of type ${KEY_TYPE}`);
}

function signingKeyOf(world: World, metadata: Configured): SigningKey | undefined {
  const path = wordOf(metadata, 'ARTIFACT_SIGNING_KEY');
  if (path === undefined) return undefined;
  const key = readSigningKey(fileOf(world, metadata, 'ARTIFACT_SIGNING_KEY', path));
  if (typeof key === 'string')
    throw noKey(metadata, 'ARTIFACT_SIGNING_KEY', `${path} cannot be signed with: ${key}`);
  return key;
}

function wordOf({ config }: Configured, name: string): string | undefined {
  const value = (config.get(name) ?? '').replaceAll('\\n', ' ').trim();
  return value === '' ? undefined : value;
}

const isPath = (word: string): boolean => word.startsWith('/') || word.startsWith('~/');

function fileOf(world: World, metadata: Configured, name: string, path: string): string {
  const full = path.startsWith('~/') ? `${world.env['HOME'] ?? ''}${path.slice(1)}` : path;
  try {
    return world.fs.readFileSync(full, 'utf8');
  } catch (error) {
    throw noKey(metadata, name, `${name} cannot be read: ${(error as Error).message}`);
  }
}

function noKey({ config }: Configured, name: string, message: string): VarveError {
  return new VarveError('metadata', message, {
    ...placeOf(config, name),
    hints: [
      name === 'ARTIFACT_SIGNING_KEY'
        ? "ssh-keygen -t ed25519 -N '' -f FILE   makes one, and FILE.pub to trust it"
        : 'ARTIFACT_TRUSTED_KEYS = "ssh-ed25519 AAAA… /etc/varve/allowed_signers"   names keys and files of keys',
    ],
  });
}
