import { defineConfig } from 'vitest/config';

/** Tests run from the sources: every package exports them under this condition. */
const conditions = ['@onlyif/source', 'node'];
const servers = ['test/servers/global-setup.ts'];
const minutes = 60_000;

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    projects: [
      { extends: true, test: { name: 'unit', include: ['packages/*/test/**/*.test.ts', 'test/unit/**/*.test.ts'], testTimeout: minutes } },
      { extends: true, test: { name: 'docs', include: ['test/docs/**/*.test.ts'], testTimeout: minutes } },
      {
        extends: true,
        test: {
          name: 'conformance',
          include: ['test/conformance/**/*.test.ts'],
          globalSetup: servers,
          testTimeout: 2 * minutes,
          hookTimeout: 2 * minutes,
        },
      },
      {
        extends: true,
        test: {
          name: 'model',
          include: ['test/model/**/*.test.ts'],
          globalSetup: servers,
          testTimeout: 2 * minutes,
          hookTimeout: 2 * minutes,
        },
      },
      {
        extends: true,
        test: {
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          globalSetup: servers,
          testTimeout: 3 * minutes,
          hookTimeout: 5 * minutes,
        },
      },
      {
        extends: true,
        test: {
          name: 'keyspaces',
          include: ['test/keyspaces/**/*.test.ts'],
          globalSetup: servers,
          testTimeout: 2 * minutes,
          hookTimeout: 2 * minutes,
        },
      },
      {
        extends: true,
        test: { name: 'seeds', include: ['test/seeds/**/*.test.ts'], globalSetup: servers, testTimeout: minutes, hookTimeout: 2 * minutes },
      },
      {
        extends: true,
        test: {
          name: 'demo',
          include: ['test/demo/**/*.test.ts'],
          globalSetup: servers,
          testTimeout: 2 * minutes,
          hookTimeout: 2 * minutes,
        },
      },
      {
        extends: true,
        test: { name: 'servers', include: ['test/servers/**/*.test.ts'], testTimeout: 5 * minutes, hookTimeout: 5 * minutes },
      },
    ],
  },
});
