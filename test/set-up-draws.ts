/**
 * What the property tests draw is the same each time, so that what a run says depends on what changed in the project. To
 * look further: VARVE_TEST_SEED=NUMBER, as CONTRIBUTING.md tells.
 */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env['VARVE_TEST_SEED'] ?? '1') });
