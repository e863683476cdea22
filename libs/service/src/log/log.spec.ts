import { createLogger } from './create-logger.js';
import { NestLog } from './nest-log.js';
import { logRequest } from './request-line.js';

function recorded(level: 'info' | 'debug' = 'debug') {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
  return { lines, logger: createLogger({ app: 'query', level, destination }) };
}

describe('a log line', () => {
  it('is JSON with the app, the level by name and an ISO time', () => {
    const { lines, logger } = recorded();
    logger.info({ events: 12 }, 'batch');
    expect(lines[0]).toMatchObject({ app: 'query', level: 'info', msg: 'batch', events: 12 });
    expect(lines[0]?.['time']).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it('holds no payload, no token and no row that the database quoted in an error', () => {
    const { lines, logger } = recorded();
    const err = Object.assign(new Error('duplicate key'), { code: '23505', detail: 'Key (email)=(jane@example.com) exists' });
    logger.error({ err, payload: { email: 'jane@example.com' }, request: { authorization: 'Bearer abc' } }, 'failed');
    const text = JSON.stringify(lines);
    expect(text).not.toContain('jane@example.com');
    expect(text).not.toContain('Bearer abc');
    expect(lines[0]?.['err']).toMatchObject({ type: 'Error', message: 'duplicate key', code: '23505' });
  });

  it('carries the context that Nest gives', () => {
    const { lines, logger } = recorded();
    new NestLog(logger).error('broken', 'the stack', 'Router');
    expect(lines[0]).toMatchObject({ level: 'error', context: 'Router', stack: 'the stack', msg: 'broken' });
  });

  it('tells of a failed request always and of a good one only at debug', () => {
    const { lines, logger } = recorded('info');
    logRequest(logger, { method: 'GET', route: '/api/v1/feed', status: 200, milliseconds: 2 });
    logRequest(logger, { method: 'GET', route: '/api/v1/feed', status: 503, milliseconds: 2.345 });
    expect(lines).toMatchObject([{ level: 'warn', route: '/api/v1/feed', status: 503, milliseconds: 2.3 }]);
  });
});
