import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/temporary-folder.ts'],
    // Two cores: the end-to-end test starts processes of its own, so files do not compete with it for more workers.
    maxWorkers: 2,
    // How long a test may hang, not how fast it must be: a machine may be slow, or busy with other things.
    testTimeout: 120_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 60_000 } },
  },
})
