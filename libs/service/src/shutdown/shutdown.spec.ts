import { pino } from 'pino';
import { Shutdown } from './shutdown.js';

const logger = pino({ level: 'silent' });

describe('shutting down', () => {
  it('closes what was opened last first, once, and leaves with the code asked for', async () => {
    const seen: string[] = [];
    const shutdown = new Shutdown({ logger, exit: (code) => seen.push(`exit ${code}`) });
    shutdown.add('database', () => seen.push('database'));
    shutdown.add('server', () => Promise.resolve().then(() => seen.push('server')));
    await Promise.all([shutdown.begin('SIGTERM'), shutdown.begin('SIGTERM')]);
    expect(seen).toEqual(['server', 'database', 'exit 0']);
  });

  it('goes on after a hook that fails, and then leaves with 1', async () => {
    const seen: string[] = [];
    const shutdown = new Shutdown({ logger, exit: (code) => seen.push(`exit ${code}`) });
    shutdown.add('database', () => seen.push('database'));
    shutdown.add('server', () => Promise.reject(new Error('stuck')));
    await shutdown.begin('SIGTERM');
    expect(seen).toEqual(['database', 'exit 1']);
  });

  it('leaves with 1 when the deadline passes', async () => {
    const code = await new Promise((resolve) => {
      const shutdown = new Shutdown({ logger, deadlineMs: 10, exit: resolve });
      shutdown.add('server', () => new Promise(() => undefined));
      void shutdown.begin('SIGTERM');
    });
    expect(code).toBe(1);
  });
});
