/** Prints the run's result as one plain line, last and alone: `N passed, N failed`, and `, N skipped` if any were. */
export default class ClosingLineReporter {
  onRunComplete(_contexts, results) {
    // a spec file that could not be loaded holds no tests, and must not look like success
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const line = `${results.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
    // jest's own summary and the teardown come after the reporters
    process.once('exit', () => process.stdout.write(`${line}\n`));
  }
}
