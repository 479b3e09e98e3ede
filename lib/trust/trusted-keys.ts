import { keyIdOf, KEY_TYPE, readPublicKey, type KeyId } from './public-key.ts';

/**
 * Reads the keys in a text: `ssh-ed25519 AAAA… comment`, a line each, as in a `.pub` file, or as in git's
 * `allowed_signers` with names and `namespaces="…"` before it. Keys of other types have signed nothing. A string tells
 * what cannot be read.
 */
export function readTrustedKeys(text: string): readonly KeyId[] | string {
  const keys: KeyId[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const [, before = '', type = '', base64 = ''] = LINE.exec(line) ?? [];
    const options = optionsOf(before);
    if (base64 === '' || options === undefined) return `line ${index + 1} cannot be read: ${line.trim()}`;
    const blob = Buffer.from(base64, 'base64');
    if (type !== KEY_TYPE || !options) continue;
    if (readPublicKey(blob) === undefined) return `line ${index + 1} holds no key of type ${KEY_TYPE}`;
    keys.push(keyIdOf(blob));
  }
  return keys;
}

const LINE = /^\s*(?:(.*?)\s+)?((?:ssh|ecdsa|sk-ssh|sk-ecdsa)-\S+)\s+(AAAA[A-Za-z0-9+/]+=*)(?:\s|$)/;

/** Whether what stands before a key lets it sign for varve; undefined where that cannot be told. */
function optionsOf(before: string): boolean | undefined {
  const namespaces = /(?:^|\s)namespaces="([^"]*)"$/i.exec(before);
  const names = namespaces === null ? before : before.slice(0, namespaces.index);
  // Other options say when or for whom a key counts: to pass over one would be to trust more than is meant.
  if (/[\s="]/.test(names.trim())) return undefined;
  return (
    namespaces === null || (namespaces[1] ?? '').split(',').some((name) => name === 'varve' || name === '*')
  );
}
