import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identifyProcess } from './identify-process.js';
import { startDockerKafka, type DockerClient } from './start-docker-kafka.js';

/** An engine as far as this goes: at most one container, with a label. */
function engine(owner?: string) {
  const calls: string[][] = [];
  const docker: DockerClient = (args) => {
    calls.push([...args]);
    if (args[0] === 'inspect') return owner === undefined ? Promise.reject(new Error('no such container')) : Promise.resolve(`${owner}\n`);
    return Promise.resolve(args[0] === 'logs' ? '[KafkaRaftServer nodeId=1] Kafka Server started' : '');
  };
  return { docker, calls, verbs: () => calls.map(([verb]) => verb), run: () => calls.find(([verb]) => verb === 'run') ?? [] };
}

describe('Kafka in a container', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'annals-docker-spec-'));
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  it('listens to all inside, is published on the loopback alone, and ends by stop', async () => {
    const { docker, run, verbs } = engine();
    const kafka = await startDockerKafka({ dataDir }, docker);
    const port = kafka.brokers[0]!.split(':')[1];
    expect(run()).toEqual(
      expect.arrayContaining([`127.0.0.1:${port}:${port}`, `KAFKA_ADVERTISED_LISTENERS=PLAINTEXT://127.0.0.1:${port}`]),
    );
    expect(run().find((text) => text.startsWith('KAFKA_LISTENERS='))).toContain(`PLAINTEXT://0.0.0.0:${port}`);
    expect(run().at(-1)).toMatch(/^apache\/kafka:\d/);
    await Promise.all([kafka.stop(), kafka.stop()]);
    expect(verbs()).toEqual(['inspect', 'run', 'logs', 'stop']);
  });

  it('keeps cluster id and volume from run to run', async () => {
    const kept = (run: string[]) => run.filter((text) => text.startsWith('CLUSTER_ID=') || text.startsWith('annals-kafka-'));
    const [first, second] = [engine(), engine()];
    for (const { docker } of [first, second]) await (await startDockerKafka({ dataDir }, docker)).stop();
    expect(kept(first.run())).toHaveLength(3);
    expect(kept(second.run())).toEqual(kept(first.run()));
  });

  it('removes the container of a run that was killed, saying so', async () => {
    const { docker, verbs } = engine('999999999/long/gone');
    const said: string[] = [];
    const kafka = await startDockerKafka({ dataDir, onProgress: (message) => said.push(message) }, docker);
    await kafka.stop();
    expect(verbs()).toEqual(['inspect', 'rm', 'run', 'logs', 'stop']);
    expect(said[0]).toContain('of a run that was killed');
  });

  it('leaves the container of a run that lives alone', async () => {
    const me = await identifyProcess(process.pid);
    const { docker, verbs } = engine(`${me?.pid}/${me?.birth}`);
    await expect(startDockerKafka({ dataDir }, docker)).rejects.toThrow(`in use by process ${process.pid}`);
    expect(verbs()).toEqual(['inspect']);
  });
});
