import { parseMoment } from '../../terms/parse-moment.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { isKeyId, type KeyId } from '../../trust/public-key.ts';
import type { Rule } from '../../trust/rule.ts';
import { readTrustedKeys } from '../../trust/trusted-keys.ts';
import type { Call } from '../call.ts';
import { defineCommand } from '../command.ts';

/** `varve artifact revoke`: what a bad host, key or tool made does not count any more. */
export const revokeCommand = defineCommand({
  command: 'revoke',
  describe: 'Let results count no more, wherever they are, because of who or what made them',
  examples: [
    ['varve artifact revoke', 'What is revoked'],
    ['varve artifact revoke --builder farm7 --since 2026-11-20', 'What that would be; --yes revokes it'],
    ['varve artifact revoke --key farm7.pub --yes', 'All that this key signed, and whatever it will sign'],
    ["varve artifact revoke --hosttool 'gcc=12.2.0-14' --yes", 'All that this compiler had a part in so far'],
    ['varve artifact push', 'Takes it to the mirror; builds that ask there hear of it'],
  ],
  builder: (yargs) =>
    yargs
      .option('builder', { type: 'string', requiresArg: true, describe: 'What this host made' })
      .option('key', {
        type: 'string',
        requiresArg: true,
        describe: 'What this key signed: SHA256:…, or its .pub file',
      })
      .option('recipe', { type: 'string', requiresArg: true, describe: 'What was made of this recipe' })
      .option('hosttool', {
        type: 'string',
        requiresArg: true,
        describe: 'TOOL=TEXT: what this host tool had a part in, by a part of its version or checksum',
      })
      .option('since', {
        type: 'string',
        requiresArg: true,
        describe: 'Only what was made since then: 2026-11-20, 12h',
      })
      .option('until', {
        type: 'string',
        requiresArg: true,
        describe: 'Only what was made until then [default: now; with --key: for ever]',
      })
      .option('yes', { type: 'boolean', describe: 'Revoke it: without, say only what it would be' }),
  run: async (call, args) => {
    const { revokeArtifacts, listRevocations } = await import('../../operations/revoke-artifacts.ts');
    const format = await import('../../reporting/format-revoked.ts');
    const buildDir = call.buildDir();
    const rule = ruleOf(call, args);
    if (rule === undefined) {
      if (args.yes === true)
        throw new VarveError('usage', 'nothing says what to revoke', {
          hints: ['varve artifact revoke --builder HOST --since 2026-11-20'],
        });
      const listed = listRevocations(call.world, { buildDir }, call.note);
      return call.answer(listed, () => format.formatRevocations(listed));
    }
    const revoked = revokeArtifacts(call.world, { buildDir, rule, write: args.yes === true }, call.note);
    call.answer(revoked, () => format.formatRevoked(revoked));
    for (const line of format.hintsOfRevoked(revoked)) call.note(line);
  },
});

interface Words {
  readonly builder: string | undefined;
  readonly key: string | undefined;
  readonly recipe: string | undefined;
  readonly hosttool: string | undefined;
  readonly since: string | undefined;
  readonly until: string | undefined;
}

/** Undefined where nothing was said. What is made after a revocation counts again, but not with a key that others have. */
function ruleOf(call: Call, { builder, key, recipe, hosttool, since, until }: Words): Rule | undefined {
  if ([builder, key, recipe, hosttool, since, until].every((word) => word === undefined)) return undefined;
  const begin = since === undefined ? undefined : moment(call, since);
  const end = until === undefined && key !== undefined ? undefined : moment(call, until);
  if (begin !== undefined && end !== undefined && begin > end)
    throw new VarveError(
      'usage',
      `nothing was made after ${begin} and before ${end}: --until must be later than --since`,
    );
  return {
    ...(builder !== undefined && { builder }),
    ...(key !== undefined && { key: keyNamed(call, key) }),
    ...(recipe !== undefined && { recipe }),
    ...(hosttool !== undefined && { hosttool: toolNamed(hosttool) }),
    ...(begin !== undefined && { since: begin }),
    ...(end !== undefined && { until: end }),
  };
}

function moment({ world }: Call, text?: string): string {
  const time = text === undefined ? world.now() : parseMoment(text, world.now());
  if (time !== undefined) return new Date(time).toISOString();
  throw new VarveError('usage', `a time is 2026-11-20, 2026-11-20T14:05Z or 12h, not "${text}"`);
}

function keyNamed(call: Call, word: string): KeyId {
  if (isKeyId(word)) return word;
  const path = call.path(word);
  const keys = call.world.fs.existsSync(path)
    ? readTrustedKeys(call.world.fs.readFileSync(path, 'utf8'))
    : [];
  const [key] = keys;
  if (typeof keys !== 'string' && key !== undefined && keys.length === 1) return key as KeyId;
  throw new VarveError('usage', `--key takes SHA256:… or a file with one public key, not "${word}"`, {
    hints: [
      'varve artifact show RECIPE   tells which key signed it',
      'ssh-keygen -l -f FILE.pub   names a key',
    ],
  });
}

function toolNamed(word: string): Required<Rule>['hosttool'] {
  const equals = word.indexOf('=');
  const [name, value] = [word.slice(0, Math.max(equals, 0)), word.slice(equals + 1)];
  if (name !== '' && value !== '') return { name, value };
  throw new VarveError('usage', `--hosttool takes TOOL=TEXT, not "${word}"`, {
    hints: [
      "varve artifact revoke --hosttool 'gcc=12.2.0-14'",
      'varve show RECIPE:configure   lists host tools',
    ],
  });
}
