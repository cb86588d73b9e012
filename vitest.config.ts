import { defineConfig } from 'vitest/config';

const E2E = 'test/e2e/**/*.test.ts';
const TIMEOUTS = { testTimeout: 30_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    // Tests start the bundled command, so it is built once before any test file.
    globalSetup: ['test/support/build-once.ts'],
    projects: [
      {
        test: {
          ...TIMEOUTS,
          name: 'parts',
          include: ['test/**/*.test.ts'],
          exclude: [E2E],
          sequence: { groupOrder: 0 },
        },
      },
      {
        // Afterwards and one at a time: these measure real processes in real time, which a busy machine would falsify.
        test: { ...TIMEOUTS, name: 'e2e', include: [E2E], maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
