import 'reflect-metadata';
import { makeFixtures } from './fixtures.js';
import { HELP, parseOptions, type BenchOptions, type Part } from './options.js';
import { benchAutomation } from './parts/automation-part.js';
import { benchGrown } from './parts/grown-part.js';
import { benchIngest, type PartResult } from './parts/ingest-parts.js';
import { benchLive } from './parts/live-part.js';
import { benchKit } from './parts/kit-part.js';
import { benchDeepPage, benchPage, benchPageGrown } from './parts/page-parts.js';
import { benchSequences } from './parts/sequences-part.js';
import { missed, type Figures } from './report/figures.js';
import { benchWebhook } from './parts/webhook-part.js';
import { figuresJson, figuresText, sectionText } from './report/print.js';
import { progress } from './report/progress.js';
import { startStack } from './stack/start-stack.js';

async function main(): Promise<number> {
  const parsed = parseOptions(process.argv.slice(2));
  if (parsed.outcome === 'fault') {
    process.stderr.write(`${parsed.message}\n\n${HELP}`);
    return 2;
  }
  if (parsed.outcome === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  const { options } = parsed;
  const stack = await startStack(options.keep);
  try {
    const figures = await measure(options, stack);
    process.stdout.write(`${figuresText(figures)}\n${figuresJson(figures)}\n`);
    return options.assert && missed(figures).length > 0 ? 1 : 0;
  } finally {
    await stack.stop();
  }
}

/**
 * The order matters: until the first measurements are done, nothing but the first set of events may be on the topics; and what is timed in
 * milliseconds comes before gigabytes are written whose way to the disk would be timed as well.
 */
async function measure(options: BenchOptions, stack: Awaited<ReturnType<typeof startStack>>): Promise<Figures> {
  const fixtures = makeFixtures(stack, options.sizes);
  const parts: readonly (readonly [readonly Part[], () => Promise<PartResult>])[] = [
    [['ingest', 'usual-way', 'all-roles'], () => benchIngest(fixtures, options.parts)],
    [['page'], () => benchPage(fixtures)],
    [['live'], () => benchLive(fixtures)],
    [['deep-page'], () => benchDeepPage(fixtures)],
    [['automation'], () => benchAutomation(fixtures)],
    [['webhook'], () => benchWebhook(fixtures)],
    [['sequences'], () => benchSequences(fixtures)],
    [['page-grown'], () => benchPageGrown(fixtures)],
    [['grown'], () => benchGrown(fixtures)],
    [['kit'], () => benchKit(fixtures)],
  ];
  const figures: Figures = {};
  for (const [names, bench] of parts) {
    if (!names.some((name) => options.parts.has(name))) continue;
    const result = await bench();
    Object.assign(figures, result.figures);
    process.stdout.write(sectionText(result.section));
  }
  return figures;
}

try {
  process.exitCode = await main();
} catch (error) {
  progress(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
}
