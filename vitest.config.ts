import { defineConfig } from 'vitest/config';

const E2E = 'test/e2e/**/*.test.ts';
/** Real processes that are waited for and not measured: two of these at a time are no harm to each other. */
const UNHURRIED = [
  'agent-readiness',
  'agent-restart',
  'agent-signals',
  'agent-tells',
  'conflicts',
  'controller',
  'explain',
  'instances',
  'interruptions',
  'look',
  'missing-permissions',
  'on-demand',
  'reload',
  'replace',
  'restraint',
].map((name) => `test/e2e/${name}.test.ts`);
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
        test: {
          ...COMMON,
          name: 'e2e in pairs',
          include: UNHURRIED,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // Afterwards and one at a time: these measure real processes in real time, which a busy machine would falsify.
        test: {
          ...COMMON,
          name: 'e2e',
          include: [E2E],
          exclude: UNHURRIED,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
