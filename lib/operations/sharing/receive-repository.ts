import { join } from 'node:path';
import type { Member } from '../../artifacts/members-file.ts';
import { readWhole } from '../../artifacts/read-tar.ts';
import { Damage } from '../../history/damage.ts';
import { openNotes } from '../../history/notes.ts';
import { openObjectStore } from '../../history/object-store.ts';
import { receiveObjects } from '../../history/receive-objects.ts';
import { openRefs } from '../../history/refs.ts';
import { createRepository } from '../../history/repository.ts';
import { writeShallow } from '../../history/shallow.ts';
import { AUTHOR } from '../../history/task-commits.ts';
import type { World } from '../../ports/world.ts';
import type { CommitId, ObjectId } from '../../terms/ids.ts';
import type { Places } from '../../terms/places.ts';
import { BUILDS_KEY, type ExportedMember, isExportedRef } from './exported-names.ts';

/** Takes in one repository of an exported file. */
export interface RepositoryReceiver {
  readonly key: string;
  /** A {@link Damage} where the member is not as it must be. */
  take(named: ExportedMember, member: Member): void;
  finish(): void;
  discard(): void;
}

/** Blobs of more bytes are never in memory as a whole; of what else is longer nothing is ours. */
const LARGE = 16 << 20;
const LONGEST = 256 << 20;
/** Notes are written with one commit for all. */
const MOST_NOTED = 1 << 30;

/** Sets up a repository of our own making; nothing but objects, notes and names comes in from outside. */
export function receiveRepository({ fs, now }: World, places: Places, key: string): RepositoryReceiver {
  const gitDir = join(places.historyDir, `${key}.git`);
  if (fs.existsSync(join(gitDir, 'HEAD'))) throw new Damage(`it holds ${key} in two places`);
  createRepository(fs, gitDir, { bare: true });
  const shallow = new Set<ObjectId>();
  const objects = receiveObjects(fs, gitDir, { gitlinks: key === BUILDS_KEY, shallow });
  const notes = { runs: newNotes(), logs: newNotes(), times: newNotes() };
  const refs = new Map<string, ObjectId>();
  let noted = 0;
  return {
    key,
    take: (named, member) => {
      switch (named.kind) {
        case 'object': {
          const oid = named.id as ObjectId;
          if (named.type === 'blob' && member.size > LARGE) objects.takeLarge(oid, member);
          else objects.take({ oid, type: named.type }, contentOf(member));
          return;
        }
        case 'note':
          if (objects.typeOf(named.id as ObjectId) !== 'commit')
            throw new Damage(`it tells of commit ${named.id.slice(0, 12)}, which it does not hold`);
          noted += member.size;
          if (noted > MOST_NOTED) throw new Damage(`its notes have more than ${MOST_NOTED} bytes`);
          notes[named.notes].set(named.id as CommitId, contentOf(member));
          return;
        case 'refs':
          for (const [name, oid] of parseRefs(key, contentOf(member).toString('utf8'))) {
            if (objects.typeOf(oid) !== 'commit')
              throw new Damage(`its name ${name} leads to no commit in it`);
            refs.set(name, oid);
          }
          return;
        case 'shallow':
          for (const oid of parseShallow(contentOf(member).toString('utf8'))) shallow.add(oid);
          return;
        default:
          named satisfies never;
      }
    },
    finish: () => {
      const cut = [...shallow].find((oid) => objects.typeOf(oid) !== 'commit');
      if (cut !== undefined)
        throw new Damage(`it tells of build ${cut.slice(0, 12)}, which it does not hold`);
      objects.finish();
      if (shallow.size > 0) writeShallow(fs, gitDir, shallow);
      const store = openRefs(fs, gitDir);
      const seconds = (): number => Math.floor(now() / 1000);
      const into = openNotes(openObjectStore(fs, gitDir), store, { author: AUTHOR, seconds });
      for (const kind of ['runs', 'logs', 'times'] as const) into.set(kind, notes[kind]);
      for (const [name, oid] of refs) store.write(name, oid);
    },
    discard: () => objects.discard(),
  };
}

const newNotes = (): Map<CommitId, Buffer> => new Map();

function contentOf({ name, size, read }: Member): Buffer {
  if (size > LONGEST) throw new Damage(`its "${name}" has ${size} bytes`);
  return readWhole(read, size);
}

/** The commits whose parents are elsewhere, a line each. */
function parseShallow(text: string): readonly ObjectId[] {
  const lines = text.split('\n').slice(0, -1);
  const odd = lines.find((line) => !/^[0-9a-f]{40}$/.test(line));
  if (odd !== undefined) throw new Damage(`it tells of build "${odd.slice(0, 120)}", which is no id`);
  return lines as ObjectId[];
}

/** `<id> <name>` lines; in `builds` no number stands for another build's. */
function parseRefs(key: string, text: string): readonly (readonly [string, ObjectId])[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [, oid, name] = /^([0-9a-f]{40}) (\S+)$/.exec(line) ?? [];
      if (oid === undefined || name === undefined || !isExportedRef(key, name))
        throw new Damage(
          `it gives the name "${line.slice(0, 120)}"${key === BUILDS_KEY ? ' to a build' : ''}`,
        );
      return [name, oid as ObjectId];
    });
}
