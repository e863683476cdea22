import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { detectTools, freePort, whyNoJvmKafka } from '#libs/local-stack';
import { toldInTime } from './demo-log.js';
import { CLI, StartRun, type Page } from './start-run.js';

const run = promisify(execFile);
const CLOSING_LINE = 'Ctrl-C stops everything';
const TENANT = '5b1f0c3e-0d5e-4c53-8a3e-0f4c5f3b9a11';
const CONTACT = 'contact-ada-marsh';

/** Between ingest and query, in the order of their start. */
const WORKERS = ['automation', 'email-webhook', 'enrichment-worker', 'sequence-engine'];
const PATIENCE_MS = 240_000;

describe('npm start', () => {
  let dataDir: string;
  let env: NodeJS.ProcessEnv;
  let flags: string[] = [];
  let first: StartRun;
  let runs: StartRun[] = [];

  const begin = (...more: string[]): StartRun => {
    const started = new StartRun(env, ...flags, ...more);
    runs.push(started);
    return started;
  };
  const annals = async (...args: string[]): Promise<string> => (await run(process.execPath, [CLI, ...args], { env })).stdout;
  /** Exactly what is printed, in a shell. */
  const execute = async (line: string): Promise<unknown> => JSON.parse((await run('bash', ['-c', line], { env })).stdout);
  /** What a line that never ends shows first. */
  const firstItemOf = async (line: string): Promise<unknown> => {
    const child = spawn('bash', ['-c', line], { env, stdio: ['ignore', 'pipe', 'ignore'], detached: true });
    let heard = '';
    for await (const text of child.stdout.setEncoding('utf8')) {
      heard += String(text);
      const [, item] = /^event: item\ndata: (.*)\n/m.exec(heard) ?? [];
      if (item === undefined) continue;
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
      return JSON.parse(item);
    }
    throw new Error(`the stream ended: ${heard}`);
  };
  const page = async (line: string | undefined): Promise<Page> => (await execute(line ?? 'false')) as Page;
  const processesOfTheFolder = async (): Promise<string[]> => {
    const { stdout } = await run('ps', ['-eww', '-o', 'pid=,command=']);
    return stdout.split('\n').filter((line) => line.includes(dataDir));
  };

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'annals-start-'));
    await chmod(dataDir, 0o755);
    const { KAFKA_BROKERS: _brokers, DATABASE_URL: _database, JWKS_URL: _keys, JWT_SECRET: _secret, ...inherited } = process.env;
    env = { ...inherited, DATA_DIR: dataDir, PORT: String(await freePort()), KAFKA_PORT: String(await freePort()) };
    const tools = await detectTools();
    if (whyNoJvmKafka(tools) !== undefined && tools.docker) flags = ['--docker'];
    else if (whyNoJvmKafka(tools) !== undefined) env['KAFKA_BROKERS'] = process.env['ANNALS_TEST_KAFKA_BROKERS'];
    first = begin();
    await first.says(CLOSING_LINE);
  }, PATIENCE_MS);

  afterAll(async () => {
    for (const started of runs) started.kill('SIGTERM');
    await Promise.all(runs.map(({ ended }) => ended));
    runs = [];
    await rm(dataDir, { recursive: true, force: true });
  }, PATIENCE_MS);

  it(
    'prints curl lines that work exactly as they stand, the first with a timeline',
    async () => {
      const [timeline, accountEmail, hierarchy, feed, notifications, rollup, byCustomer, event, customer, health, live, ...rest] =
        first.curlLines;
      expect(rest).toEqual([]);

      const shown = await page(timeline);
      expect(shown.items).toHaveLength(5);
      for (const item of shown.items) expect(item.entities).toContainEqual(expect.objectContaining({ type: 'contact', id: CONTACT }));

      const emails = await page(accountEmail);
      expect(emails.items.length).toBeGreaterThan(0);
      for (const { type } of emails.items) expect(type).toMatch(/^email\./);

      expect((await page(hierarchy)).items).toHaveLength(5);
      expect((await page(feed)).items).toHaveLength(5);
      expect((await page(notifications)).items.length).toBeGreaterThan(0);
      expect((await page(rollup)).items.length).toBeGreaterThan(0);
      expect(await page(byCustomer)).toMatchObject({ page: 1, pageSize: 5, total: expect.any(Number) as number });
      const details = (await execute(event ?? 'false')) as { id: string };
      expect(event).toContain(details.id);
      expect((await page(customer)).items.length).toBeGreaterThan(0);
      expect(await execute(health ?? 'false')).toMatchObject({ status: 'ok' });
      expect(await firstItemOf(live ?? 'false')).toMatchObject({
        type: expect.any(String) as string,
        summary: expect.any(String) as string,
      });
    },
    PATIENCE_MS,
  );

  it(
    'answers the curl of the README in the shape it shows',
    async () => {
      const readme = await readFile(join(process.cwd(), 'README.md'), 'utf8');
      const line = /^curl .*$/m.exec(readme)?.[0].replace('http://127.0.0.1:3000', `http://127.0.0.1:${env['PORT']}`);
      const shown = JSON.parse(/```json\n(.*?)```/s.exec(readme)?.[1] ?? '') as Page;
      const answered = await page(line);
      expect(Object.keys(answered)).toEqual(Object.keys(shown));
      expect(answered.items.map((item) => Object.keys(item))).toEqual(shown.items.map((item) => Object.keys(item)));
      expect(answered.items[0]).toMatchObject({ type: 'deal.won', source: '/demo/crm', icon: 'trophy' });
    },
    PATIENCE_MS,
  );

  it(
    'lets every program tell what is its own, leaves no type out, and nothing as a dead letter',
    async () => {
      await toldInTime((await annals('db-url')).trim());
    },
    PATIENCE_MS,
  );

  it('prints nothing that would break a copied line', () => {
    for (const control of ['\u001b', '\r']) expect(first.output).not.toContain(control);
    for (const line of first.curlLines) expect(line).not.toMatch(/\||^\s/);
  });

  it('shows its steps with the time they took', () => {
    for (const step of ['PostgreSQL', 'Migrations', 'Topics', 'Ingest', 'Query', 'Demo'])
      expect(first.output).toMatch(new RegExp(`^ {2}ok {2}${step}.* \\(\\d+\\.\\d s\\)$`, 'm'));
  });

  it(
    'mints tokens that the running stack accepts, and prints them alone',
    async () => {
      const token = await annals('token', '--tenant', TENANT, '--user', 'jane@example.com', '--ttl', '5m');
      expect(token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
      const response = await fetch(`http://127.0.0.1:${env['PORT']}/api/v1/feed?limit=1`, {
        headers: { authorization: `Bearer ${token.trim()}` },
      });
      expect(response.status).toBe(200);
    },
    PATIENCE_MS,
  );

  it(
    'prints the address of its database alone',
    async () => {
      expect(await annals('db-url')).toMatch(/^postgres:\/\/\w+:\w+@127\.0\.0\.1:\d+\/annals\n$/);
    },
    PATIENCE_MS,
  );

  it(
    'keeps its token secret readable by its owner only',
    async () => {
      const { mode } = await stat(join(dataDir, 'jwt-secret'));
      expect(mode & 0o777).toBe(0o600);
    },
    PATIENCE_MS,
  );

  it(
    'refuses to run twice in one folder',
    async () => {
      const second = begin();
      expect(await second.ended).toBe(1);
      expect(second.errors).toMatch(/in use by process \d+/);
      expect(second.errors.trim().split('\n')).toHaveLength(1);
    },
    PATIENCE_MS,
  );

  it(
    'leaves no process behind on Ctrl-C, and exits with 0',
    async () => {
      first.kill('SIGINT');
      expect(await first.ended).toBe(0);
      const stopped = [...first.output.matchAll(/ok {2}([\w-]+) stopped/g)].map(([, name]) => name);
      const apps = ['demo', 'query', ...WORKERS.toReversed(), 'ingest'];
      expect(stopped).toEqual([...apps, ...(stopped.includes('Kafka') ? ['Kafka'] : []), 'PostgreSQL']);
      expect(await processesOfTheFolder()).toEqual([]);
    },
    PATIENCE_MS,
  );

  it(
    'finds its data again, and the tokens of the first start are still good',
    async () => {
      const second = begin('--no-demo');
      await second.says(CLOSING_LINE);
      const event = first.curlLines.find((line) => line.includes('/api/v1/events/'));
      expect(await execute(event ?? 'false')).toHaveProperty('id');
      expect((await page(first.curlLines[0])).items).toHaveLength(5);
      second.kill('SIGTERM');
      expect(await second.ended).toBe(0);
    },
    PATIENCE_MS,
  );

  let third: StartRun;

  it(
    'stops what a killed run left behind, saying so',
    async () => {
      const killed = begin('--no-demo');
      await killed.says(CLOSING_LINE);
      killed.kill('SIGKILL');
      await killed.ended;
      third = begin();
      await third.says(CLOSING_LINE);
      expect(third.output).toMatch(/Found ingest \(process \d+\) of a run that was killed/);
      expect(third.output).toMatch(/Found query \(process \d+\) of a run that was killed/);
      expect((await page(third.curlLines[0])).items).toHaveLength(5);
    },
    PATIENCE_MS,
  );

  it(
    'tells its history once, however often it is started, and goes on where it was',
    async () => {
      await toldInTime((await annals('db-url')).trim());
      const lines = (await readFile(join(dataDir, 'logs/demo.log'), 'utf8')).split('\n');
      expect(lines.filter((line) => line.includes('history told'))).toHaveLength(1);
    },
    PATIENCE_MS,
  );

  it(
    'stops everything when a part ends by itself, and says which and where its log is',
    async () => {
      const { server } = JSON.parse(await readFile(join(dataDir, 'run/ingest.json'), 'utf8')) as { server: { pid: number } };
      process.kill(server.pid, 'SIGKILL');
      expect(await third.ended).toBe(1);
      expect(third.errors).toBe(`ingest ended by itself: its log is ${join(dataDir, 'logs/ingest.log')}\n`);
      expect(await processesOfTheFolder()).toEqual([]);
    },
    PATIENCE_MS,
  );

  it(
    'says in one sentence what to install where nothing could run Kafka',
    async () => {
      const bare = { ...env, PATH: dataDir, KAFKA_BROKERS: '' };
      const refused = new StartRun(bare);
      expect(await refused.ended).toBe(1);
      expect(refused.errors).toMatch(/^Java is missing\. Install Java .* or Docker, or set KAFKA_BROKERS\.\n$/);
      expect(refused.output).not.toContain('PostgreSQL');
    },
    PATIENCE_MS,
  );

  it(
    'says which port is in use and how to choose another',
    async () => {
      const blocker: Server = createServer().listen(Number(env['PORT']), '127.0.0.1');
      await once(blocker, 'listening');
      const refused = begin();
      expect(await refused.ended).toBe(1);
      expect(refused.errors).toContain(`Port ${env['PORT']} cannot be used (EADDRINUSE): choose another, for example PORT=`);
      blocker.close();
    },
    PATIENCE_MS,
  );
});
