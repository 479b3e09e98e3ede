import { createTrust } from '../../lib/trust/trust.ts';
import { expect, test } from 'vitest';
import type { AcEntry } from '../../lib/artifacts/ac-entry.ts';
import { httpTransport } from '../../lib/artifacts/http-transport.ts';
import { checkArtifact } from '../../lib/artifacts/read-artifact.ts';
import { pushArtifact, type Pushed } from '../../lib/artifacts/push-artifact.ts';
import type { ArtifactStore } from '../../lib/artifacts/store.ts';
import { mirrorServer, type MirrorServer } from '../support/mirror-server.ts';
import { newStore, put } from './stored.ts';

/** A machine that made something of its own under the signature that all have. */
function machine(text: string): { readonly store: ArtifactStore; readonly entry: AcEntry } {
  const { store } = newStore();
  return { store, entry: put(store, { 'usr/share/date': text }) };
}

function push(server: MirrorServer, from: ReturnType<typeof machine>, verify = false): Promise<Pushed> {
  const { signal } = new AbortController();
  return pushArtifact({
    ...from,
    signal,
    transport: httpTransport({ env: {} }, server.url, signal),
    trust: createTrust(),
    deep: undefined,
    verify,
  });
}

const ofEntry = ({ signature }: AcEntry): string => `/ac/${signature.slice(0, 2)}/${signature}`;

test.each([
  ['that refuses a second writer', true],
  ['that lets a second writer have its way', false],
])('two that push at once to a server %s have one and the same artifact afterwards', async (_, refuses) => {
  const server = await mirrorServer();
  server.instead = (request) => {
    if (!refuses) delete request.headers['if-none-match'];
    return false;
  };
  const [one, two] = [machine('Monday'), machine('Tuesday')];
  const pushed = await Promise.all([push(server, one), push(server, two)]);
  expect(pushed.map(({ kind }) => kind).toSorted()).toEqual(['other', 'pushed']);
  const winner = pushed[0]?.kind === 'pushed' ? one : two;
  for (const { store, entry } of [one, two]) {
    expect(store.lookup(entry.signature)).toEqual({ kind: 'found', entry: winner.entry });
    expect(checkArtifact({ store, entry: winner.entry })).toEqual({ kind: 'whole' });
  }
  const loser = winner === one ? two : one;
  expect(await push(server, winner)).toEqual({ kind: 'stands', disputed: loser.entry });
});

test('where what came first has lost its archive, what is pushed takes its place', async () => {
  const server = await mirrorServer();
  const [one, two] = [machine('Monday'), machine('Tuesday')];
  await push(server, one);
  for (const path of server.files.keys()) if (path.startsWith('/cas/')) server.files.delete(path);
  expect(await push(server, two)).toEqual({ kind: 'pushed' });
  expect(server.files.get(ofEntry(two.entry))?.toString()).toContain(two.entry.id);
});

test('an archive that is damaged there and has its length still is replaced where that is asked for', async () => {
  const server = await mirrorServer();
  const one = machine('Monday');
  await push(server, one);
  const [path = ''] = [...server.files.keys()].filter((each) => each.startsWith('/cas/'));
  const whole = server.files.get(path) ?? Buffer.alloc(0);
  server.files.set(path, Buffer.alloc(whole.length));
  expect(await push(server, one)).toEqual({ kind: 'stands' });
  expect(await push(server, one, true)).toEqual({ kind: 'pushed' });
  expect(server.files.get(path)?.equals(whole)).toBe(true);
  expect(await push(server, one, true)).toEqual({ kind: 'stands' });
});
