import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { readSigningKey, type SigningKey } from '../../lib/trust/signing-key.ts';
import { signText, verifyText } from '../../lib/trust/sign-text.ts';
import { readTrustedKeys } from '../../lib/trust/trusted-keys.ts';
import { testWith } from '../support/needs.ts';

const test = testWith({ programs: ['ssh-keygen'] });

/** A directory with `key` and `key.pub` in it, as ssh-keygen makes them. */
function keyMade(...options: readonly string[]): string {
  const dir = mkdtempSync(join(tmpdir(), 'varve-key-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  sshKeygen(dir, '-q', '-C', 'ci@example.com', '-f', 'key', ...options);
  return dir;
}

const ed25519 = ['-t', 'ed25519', '-N', ''];

function sshKeygen(dir: string, ...args: readonly string[]): ReturnType<typeof spawnSync> {
  return spawnSync('ssh-keygen', args, { cwd: dir, input: 'what was made\n', encoding: 'utf8' });
}

function keyIn(dir: string): SigningKey {
  const key = readSigningKey(readFileSync(join(dir, 'key'), 'utf8'));
  if (typeof key === 'string') throw new Error(key);
  return key;
}

test('ssh-keygen verifies what varve signs', () => {
  const dir = keyMade(...ed25519);
  writeFileSync(join(dir, 'sig'), signText(keyIn(dir), 'what was made\n'));
  writeFileSync(join(dir, 'signers'), `ci ${readFileSync(join(dir, 'key.pub'), 'utf8')}`);
  const ran = sshKeygen(dir, '-Y', 'verify', '-f', 'signers', '-I', 'ci', '-n', 'varve', '-s', 'sig');
  expect({ said: ran.stdout, status: ran.status }).toEqual({
    said: `Good "varve" signature for ci with ED25519 key ${keyIn(dir).id}\n`,
    status: 0,
  });
});

test('varve verifies what ssh-keygen signs, of this text and for varve alone', () => {
  const dir = keyMade(...ed25519);
  const signature = (namespace: string): string => {
    writeFileSync(join(dir, 'text'), 'what was made\n');
    sshKeygen(dir, '-q', '-Y', 'sign', '-f', 'key', '-n', namespace, 'text');
    const made = readFileSync(join(dir, 'text.sig'), 'utf8');
    rmSync(join(dir, 'text.sig'));
    return made;
  };
  expect(verifyText(signature('varve'), 'what was made\n')).toBe(keyIn(dir).id);
  expect(verifyText(signature('varve'), 'what was made \n')).toBeUndefined();
  expect(verifyText(signature('git'), 'what was made\n')).toBeUndefined();
});

test('a signature with any byte of it changed is none', () => {
  const text = 'what was made\n';
  const made = signText(keyIn(keyMade(...ed25519)), text);
  for (let at = 0; at < made.length; at += 1) {
    const other = made[at] === 'A' ? 'B' : 'A';
    const changed = made.slice(0, at) + other + made.slice(at + 1);
    // Line ends of base64 are nothing that is signed.
    if (made[at] !== '\n') expect(verifyText(changed, text)).toBeUndefined();
  }
});

test('a key with a passphrase, of another type, or that is none is told', () => {
  const why = (...options: readonly string[]): unknown =>
    readSigningKey(readFileSync(join(keyMade(...options), 'key'), 'utf8'));
  expect(why('-t', 'ed25519', '-N', 'secret')).toBe('it has a passphrase, which nobody types in a build');
  expect(why('-t', 'ecdsa', '-N', '')).toBe('it is of type ecdsa-sha2-nistp256, not ssh-ed25519');
  expect(readSigningKey('ssh-ed25519 AAAA')).toBe('it is no private key in the form of OpenSSH');
});

test("keys are read from .pub files and git's allowed_signers; what would say less than it means is an error", () => {
  const dir = keyMade(...ed25519);
  const pub = readFileSync(join(dir, 'key.pub'), 'utf8').trim();
  const { id } = keyIn(dir);
  expect(readTrustedKeys(`# our builders\n\n${pub}\n`)).toEqual([id]);
  expect(readTrustedKeys(`ci@example.com,farm namespaces="git,varve" ${pub}`)).toEqual([id]);
  expect(readTrustedKeys(`ci@example.com namespaces="git" ${pub}`)).toEqual([]);
  expect(readTrustedKeys(`me ecdsa-sha2-nistp256 AAAAE2VjZHNh\n${pub}`)).toEqual([id]);
  expect(readTrustedKeys(`\nci valid-before="20200101" ${pub}`)).toBe(
    `line 2 cannot be read: ci valid-before="20200101" ${pub}`,
  );
  expect(readTrustedKeys('ssh-ed25519 AAAAB3NzaC1')).toBe('line 1 holds no key of type ssh-ed25519');
});
