import config from './jest.config.mjs';

const [, , e2e] = config.projects;

/** Random faults against the built apps: longer than `npm test` may be. ANNALS_FAULT_SECONDS sets how long. */
export default {
  testTimeout: config.testTimeout,
  reporters: config.reporters,
  projects: [{ ...e2e, displayName: 'faults', roots: ['<rootDir>/test/faults'] }],
};
