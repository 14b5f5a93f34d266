import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    globalSetup: ['test/build-once.ts'],
    reporters: ['default', './test/summary-reporter.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // On a shared CI machine a pseudo terminal or a server may be late once; what fails twice is wrong.
    retry: process.env['CI'] ? 1 : 0,
    // A program that is asked again and again takes longer than a second on a busy machine.
    expect: { poll: { timeout: 20_000 } },
    maxWorkers: 2,
  },
});
