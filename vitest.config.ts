import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/set-up-draws.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Most tests wait for programs that they started, so that there is work for every CPU.
    maxWorkers: availableParallelism(),
  },
});
