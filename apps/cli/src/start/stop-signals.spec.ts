import { stopSignals } from './stop-signals.js';

describe('the signals that stop a run', () => {
  let now: number;
  let forced: number;
  const sends = (signal: NodeJS.Signals): boolean => process.emit(signal, signal);
  const listen = () =>
    stopSignals(
      () => (forced += 1),
      () => now,
    );

  beforeEach(() => {
    now = 5000;
    forced = 0;
  });
  afterEach(() => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(signal);
  });

  it('are one where a terminal sends Ctrl-C and npm hands its own on', async () => {
    const { first } = listen();
    sends('SIGINT');
    now += 900;
    sends('SIGINT');
    await expect(first).resolves.toBe('SIGINT');
    expect(forced).toBe(0);
  });

  it('force the end where a second one comes later', () => {
    listen();
    sends('SIGINT');
    now += 1100;
    sends('SIGINT');
    expect(forced).toBe(1);
  });
});
