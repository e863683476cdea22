import { pino, type DestinationStream, type Logger } from 'pino';
import type { LogLevel } from './levels.js';

export type { Logger } from 'pino';

/** Keys that may hold personal data or secrets, censored at the first two levels wherever they turn up. */
const CENSORED = ['authorization', 'cookie', 'password', 'secret', 'token', 'payload', 'value', 'summary', 'headers', 'actor', 'entities'];

/** JSON lines on standard output (or `destination`), `app` in each. Errors lose every field that may quote a row. */
export function createLogger(options: { app: string; level: LogLevel; destination?: DestinationStream }): Logger {
  const settings = {
    level: options.level,
    base: { app: options.app, pid: process.pid },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: CENSORED.flatMap((key) => [key, `*.${key}`]), censor: '[redacted]' },
    serializers: { err: describeError, error: describeError },
  };
  return options.destination ? pino(settings, options.destination) : pino(settings);
}

/** PostgreSQL puts values of rows into `detail` and `where`, drivers put whole requests beside it: none of it goes on. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return typeof error === 'string' ? error : { type: typeof error };
  const { code } = error as Error & { code?: unknown };
  const cause = error.cause === undefined ? {} : { cause: describeError(error.cause) };
  return { type: error.name, message: error.message, ...(code === undefined ? {} : { code }), stack: error.stack, ...cause };
}
