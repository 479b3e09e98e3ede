/** The artifact of a task as builds.git tells of it: a file in the directory of the recipe. */
import { installTask } from '../../graph/arrange-tasks.ts';
import { type ArtifactId, type Signature, type TreeId, isHex } from '../../terms/ids.ts';
import type { SharedDir } from '../../terms/places.ts';
import type { DeployedTo } from '../outline/deployed-to.ts';

/** What do_install, or another task with `[artifact]`, produced. */
export interface RecordedArtifact {
  readonly signature: Signature;
  readonly id: ArtifactId;
  readonly tree: TreeId;
  /** Where it was deployed, if it was. */
  readonly deployed?: DeployedTo;
}

/** The file's path in the directory of the recipe. */
export function artifactRecord(task: string): string {
  return task === installTask ? 'artifact' : `artifacts/${task}`;
}

/** The task that such a file is of; undefined: it is another kind of file. */
export function recordedTask(path: string): string | undefined {
  if (path === 'artifact') return installTask;
  return path.startsWith('artifacts/') ? path.slice('artifacts/'.length) : undefined;
}

/** `signature <hex>`, `id <hex>`, `tree <oid>`, and perhaps `deployed DEPLOY_DIR/images`, a line each. */
export function formatArtifact({ signature, id, tree, deployed }: RecordedArtifact): string {
  const where = deployed === undefined ? '' : `deployed ${deployed.dir}/${deployed.at}\n`;
  return `signature ${signature}\nid ${id}\ntree ${tree}\n${where}`;
}

/** Reads what {@link formatArtifact} wrote; undefined where it is no such text. */
export function parseArtifact(text: string | undefined): RecordedArtifact | undefined {
  const fields = new Map(
    (text ?? '')
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]),
  );
  const [signature, id, tree] = [fields.get('signature'), fields.get('id'), fields.get('tree')];
  if (signature === undefined || id === undefined || tree === undefined) return undefined;
  if (!isHex(signature, 64) || !isHex(id, 64) || !isHex(tree, 40)) return undefined;
  const deployed = parseDeployed(fields.get('deployed'));
  return {
    signature: signature as Signature,
    id: id as ArtifactId,
    tree: tree as TreeId,
    ...(deployed !== undefined && { deployed }),
  };
}

function parseDeployed(text: string | undefined): DeployedTo | undefined {
  const [, dir, at] = /^(DEPLOY_DIR|PKGDATA_DIR)\/(.*)$/s.exec(text ?? '') ?? [];
  if (dir === undefined || at === undefined || at.split('/').includes('..')) return undefined;
  return { dir: dir as SharedDir, at };
}
