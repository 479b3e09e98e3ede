/**
 * A signature that changes costs everybody a rebuild, so that a change here is one to be reviewed. `npm run golden` renews
 * what is compared.
 */
import { expect, test } from 'vitest';
import { computeSignature, computeStepKey } from '../../lib/signatures/compute-signature.ts';
import type { TreeId } from '../../lib/terms/ids.ts';
import { goldenInputs } from '../support/golden-inputs.ts';
import { testWith } from '../support/needs.ts';
import { makeWorkspace } from '../support/workspace.ts';

testWith({ programs: ['git', 'gcc', 'make', 'patch', 'python3'] })(
  'the same inputs as ever enter the signatures of the quickstart',
  async () => {
    const w = makeWorkspace({ from: 'fixtures/quickstart/meta-quickstart' });
    expect(w.varve('build', 'quickstart-image').status).toBe(0);
    await expect(goldenInputs(w.buildDir, 1)).toMatchFileSnapshot('../../fixtures/golden/quickstart.txt');
  },
);

test('a signature and a step key are what they have been from the beginning', () => {
  const inputs = [
    { kind: 'variable', name: 'CC', value: 'gcc ${CFLAGS}' },
    { kind: 'variable', name: 'A', value: '' },
    { kind: 'task', name: 'do_compile', value: '\tmake\n' },
    { kind: 'file', name: 'fix.patch', value: 'sha256:00 644' },
    { kind: 'after', name: 'do_configure', value: '11' },
  ] as const;
  const tree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904' as TreeId;
  expect([computeSignature(inputs), computeStepKey(inputs, tree), computeStepKey(inputs, undefined)])
    .toMatchInlineSnapshot(`
      [
        "def99c197404e14ffc47ea3dda31217cecd85cf360a8b956713f60c77f3e845d",
        "27270f480a424c43332e42b27386aa5586adb2ee0c69b487ce5afcf74114865b",
        "62f21dc8e365c7ac48af18b0c91ff196d07eb05d4b0f28928411f58579f0f24a",
      ]
    `);
});
