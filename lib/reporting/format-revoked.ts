import type { Revocations, Revoked } from '../operations/revoke-artifacts.ts';
import { spokenRule } from '../trust/rule.ts';
import { formatCount, formatTime } from './format-quantity.ts';
import { formatTable } from './format-table.ts';

/** Lists what is revoked, oldest first. */
export function formatRevocations({ revocations }: Revocations): string {
  if (revocations.length === 0) return 'nothing is revoked\n';
  return formatTable(
    revocations.map(({ at, by, signedBy, rule }) => [
      formatTime(Date.parse(at)),
      signedBy === undefined ? `${by}, not signed` : `${by} with ${signedBy}`,
      spokenRule(rule),
    ]),
  );
}

/** Tells what a rule is about, what was made with it, and what came of it. */
export function formatRevoked({ revocation, written, artifacts, dependants, unknown }: Revoked): string {
  const rows = artifacts.map(({ recipe, version, task, builtBy, signedBy }) => [
    `${recipe}${ofTask(task)} ${version}`,
    `by ${builtBy.host}${builtBy.at === undefined ? '' : `, ${formatTime(Date.parse(builtBy.at))}`}`,
    signedBy ?? 'not signed',
  ]);
  const names = dependants.map(({ recipe, task }) => recipe + ofTask(task));
  const rule = spokenRule(revocation.rule);
  const count = artifacts.length === 0 ? 'nothing of this store' : formatCount(artifacts.length, 'artifact');
  const verb = artifacts.length > 1 ? 'are' : 'is';
  return [
    formatTable(rows),
    names.length === 0
      ? ''
      : `made with ${artifacts.length > 1 ? 'these' : 'it'}, and made again where what comes instead differs: ${names.join(', ')}\n`,
    unknown === 0
      ? ''
      : `of ${formatCount(unknown, 'artifact')} no build here knows the host tools; who needs one decides then\n`,
    `${count} ${written ? verb : 'would be'} revoked${artifacts.length === 0 ? ` now, ${forLater(written)}` : ''}: ${rule}\n`,
  ].join('');
}

/** A rule that is about nothing here is none the less one for the mirrors, and for what comes from them. */
function forLater(written: boolean): string {
  return `and the rule ${written ? 'stands' : 'would stand'} for what comes from elsewhere`;
}

/** What to do next, and what to know of a revocation. */
export function hintsOfRevoked({ revocation, written, near }: Revoked): readonly string[] {
  const rule = spokenRule(revocation.rule);
  const { recipe = '' } = revocation.rule;
  const misspelt =
    near === undefined ? [] : [`hint: the store has nothing of "${recipe}"; did you mean "${near}"?`];
  const signed =
    revocation.signedBy === undefined
      ? [
          'note: it is not signed, there being no ARTIFACT_SIGNING_KEY: build directories with ARTIFACT_TRUSTED_KEYS pass it over',
        ]
      : [];
  if (!written) return [...misspelt, ...signed, `hint: varve artifact revoke ${rule} --yes   revokes it`];
  return [
    ...misspelt,
    ...signed,
    'hint: varve artifact push   takes it to the mirror; a build that asks there hears of it',
  ];
}

const ofTask = (task: string): string => (task === 'do_install' ? '' : `:${task}`);
