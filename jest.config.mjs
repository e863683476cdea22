/** Unit specs run bare; `*.int.spec.ts` and `test/e2e` share one real Kafka and one real PostgreSQL. */
const base = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.[tj]s$': [
      '@swc/jest',
      {
        swcrc: false,
        sourceMaps: 'inline',
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          keepClassNames: true,
          experimental: { keepImportAttributes: true },
        },
      },
    ],
  },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  // cookie and content-disposition are ESM only: without this Fastify's inject and Swagger break before Node 24.9
  transformIgnorePatterns: ['/node_modules/(?!(?:.+/node_modules/)?(?:cookie|content-disposition)/)'],
  testEnvironmentOptions: { customExportConditions: ['@annals/source', 'node', 'node-addons'] },
  setupFiles: ['reflect-metadata'],
};

const stack = {
  globalSetup: '<rootDir>/test/stack/global-setup.mjs',
  globalTeardown: '<rootDir>/test/stack/global-teardown.mjs',
};

/** @type {import('jest').Config} */
export default {
  // real servers on a busy machine: a fact may take its time
  testTimeout: 30_000,
  // most of a spec of the whole is waiting: two at a time finish sooner, also on two cores
  maxWorkers: 2,
  reporters: ['default', '<rootDir>/test/stack/closing-line-reporter.mjs'],
  projects: [
    {
      ...base,
      displayName: 'unit',
      roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/test/bench/src'],
      testMatch: ['**/*.spec.ts'],
      testPathIgnorePatterns: ['\\.int\\.spec\\.ts$'],
    },
    { ...base, ...stack, displayName: 'int', roots: ['<rootDir>/apps', '<rootDir>/libs'], testMatch: ['**/*.int.spec.ts'] },
    { ...base, ...stack, displayName: 'e2e', roots: ['<rootDir>/test/e2e'], testMatch: ['**/*.spec.ts'] },
  ],
};
