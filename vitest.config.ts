import { defineConfig } from 'vitest/config';

const E2E = 'test/e2e/**/*.test.ts';
const COMMON = {
  testTimeout: 30_000,
  hookTimeout: 60_000,
  // The SDK's word about coming Node versions is for us, once, and not for every test file.
  env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
};

export default defineConfig({
  test: {
    // Tests start the bundled command, so it is built once before any test file.
    globalSetup: ['test/support/build-once.ts'],
    projects: [
      {
        test: {
          ...COMMON,
          name: 'parts',
          include: ['test/**/*.test.ts'],
          exclude: [E2E],
          sequence: { groupOrder: 0 },
        },
      },
      {
        // Afterwards and one at a time: these measure real processes in real time, which a busy machine would falsify.
        test: { ...COMMON, name: 'e2e', include: [E2E], maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
