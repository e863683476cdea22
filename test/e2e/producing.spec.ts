import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { defaultCacheDir, freePort, resolveKafkaJars } from '#libs/local-stack';
import { emptyDatabase, eventually, repositoryRoot, testBrokers, type FreshDatabase } from '#libs/testing';
import { aTenant, Rig } from './rig.js';
import { compileSnippets, snippetsOf, type Compiled } from './snippets.js';

const SOON = { timeoutMs: 30_000 };
const PATIENCE_MS = 90_000;

interface Ended {
  readonly code: number;
  readonly output: string;
}

describe('the programs of the documentation', () => {
  let rig: Rig;
  let crm: FreshDatabase;
  let tools: string;
  let compiled: Compiled;
  let shell: ReadonlyMap<string, string>;
  beforeAll(async () => {
    rig = await Rig.open(2);
    const [programs, ofOthers] = await Promise.all([
      snippetsOf('docs/producing.md', 'ts'),
      snippetsOf('docs/producing-other-languages.md', 'sh'),
    ]);
    [compiled, crm, tools] = await Promise.all([compileSnippets(programs), emptyDatabase(), standIns()]);
    shell = new Map([...(await snippetsOf('docs/producing.md', 'sh')), ...ofOthers]);
    await rig.ingest();
  }, PATIENCE_MS);
  afterAll(async () => {
    await rig.close();
    await crm.drop();
    await compiled.remove();
    await rm(tools, { recursive: true, force: true });
  }, PATIENCE_MS);

  const env = (TENANT: string, more: Readonly<Record<string, string>> = {}) => ({
    ...{ PATH: `${process.env.PATH}${delimiter}${tools}`, HOME: process.env.HOME, TENANT, OUTBOX_DATABASE_URL: crm.url },
    ...{ KAFKA_BROKERS: testBrokers().join(','), KAFKA_TOPIC_PREFIX: rig.prefix, ...more },
  });

  function run(command: string, args: readonly string[], tenant: string): Promise<Ended> {
    return new Promise((resolve) => {
      execFile(command, args, { env: env(tenant), cwd: repositoryRoot() }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr }),
      );
    });
  }
  const program = (name: string, tenant: string) => run(process.execPath, [compiled.fileOf(name)], tenant);
  const sh = (name: string, tenant: string) => run('sh', ['-euc', shell.get(name) ?? 'exit 9'], tenant);
  const stands = (tenant: string, count: number) =>
    eventually(async () => (await rig.appended(tenant)) === count, { describe: `${count} events stand in the log`, ...SOON });
  const log = (tenant: string) =>
    rig.sql<{ type: string; source: string; source_id: string; mode: string }>(
      'select type, source, source_id, ingest_mode as mode, actor_id, occurred_at from annals.events where tenant_id = $1 order by position',
      [tenant],
    );

  test('agree with the types of the libs', () => expect(compiled.faults).toEqual([]));

  test('in five minutes: an event stands in the log', async () => {
    const tenant = aTenant();
    expect(await program('five-minutes', tenant)).toEqual({ code: 0, output: '' });
    await stands(tenant, 1);
    expect(await log(tenant)).toMatchObject([{ type: 'deal.stage_changed', source: '/producers/pipeline', actor_id: 'jane@example.com' }]);
  });

  test(
    'the webhook answers 204 once it is stored, takes a redelivery for the same event, and refuses what is no event',
    async () => {
      const tenant = aTenant();
      const port = await freePort();
      const child = spawn(process.execPath, [compiled.fileOf('email-webhook')], {
        env: env(tenant, { PORT: String(port) }),
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const ended = once(child, 'exit');
      await once(child.stdout, 'data');
      const post = async (body: object) =>
        (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: JSON.stringify(body) })).status;
      const bounce = { eventId: 'e-1', messageId: 'msg_abc123', leadId: 'lead-xyz', reason: '550 5.1.1 mailbox unknown' };
      expect([await post(bounce), await post(bounce), await post({ ...bounce, leadId: '' })]).toEqual([204, 204, 400]);
      expect(await post({ ...bounce, eventId: 'e-2' })).toBe(204);
      child.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
      await stands(tenant, 2);
    },
    PATIENCE_MS,
  );

  test(
    'the worker publishes a thousand events',
    async () => {
      const tenant = aTenant();
      expect(await program('enrichment-worker', tenant)).toEqual({ code: 0, output: '' });
      await stands(tenant, 1_000);
    },
    PATIENCE_MS,
  );

  test(
    'the scheduler that starts over adds nothing',
    async () => {
      const tenant = aTenant();
      expect(await program('sequence-engine', tenant)).toEqual({ code: 0, output: '' });
      expect(await program('sequence-engine', tenant)).toEqual({ code: 0, output: '' });
      expect(await program('five-minutes', tenant)).toMatchObject({ code: 0 });
      await stands(tenant, 2);
    },
    PATIENCE_MS,
  );

  test(
    'the CRM backend’s event comes out of its outbox',
    async () => {
      const tenant = aTenant();
      expect(await sh('outbox-table', tenant)).toMatchObject({ code: 0 });
      expect(await program('crm-backend', tenant)).toEqual({ code: 0, output: '' });
      expect(await rig.appended(tenant)).toBe(0);
      expect(await sh('outbox-relay', tenant)).toMatchObject({ code: 0, output: expect.stringContaining('1 relayed') as string });
      await stands(tenant, 1);
      expect(await log(tenant)).toMatchObject([{ type: 'deal.stage_changed', source: '/producers/crm' }]);
    },
    PATIENCE_MS,
  );

  test(
    'the script names the line that is no event, and run again adds nothing',
    async () => {
      const tenant = aTenant();
      const due = { code: 0, output: 'line 3: /entities/0 (bad_entities)\n2 published\n' };
      expect(await program('manual-script', tenant)).toEqual(due);
      expect(await program('manual-script', tenant)).toEqual(due);
      await stands(tenant, 2);
      expect(await log(tenant)).toMatchObject([{ mode: 'backfill' }, { mode: 'backfill' }]);
    },
    PATIENCE_MS,
  );

  test('a test of a subsystem needs no Kafka', async () => {
    expect(await program('testing', aTenant())).toEqual({ code: 0, output: '' });
  });

  test(
    `in other languages: the three forms by kcat (${isInstalled('kcat') ? 'the real one' : 'a stand-in: kcat is not installed'})`,
    async () => {
      const tenant = aTenant();
      for (const form of ['kcat-structured', 'kcat-binary', 'kcat-flat']) expect(await sh(form, tenant)).toEqual({ code: 0, output: '' });
      await stands(tenant, 3);
      const found = (await log(tenant)).map(({ source_id }) => source_id).sort();
      expect(found).toEqual(['contact-1-vip', 'deal-9-moved-3', 'mailer-msg_abc123-opened']);
      const keys = (await rig.readAll('crm.contact')).map(({ key }) => String(key));
      expect(keys).toContain(tenant);
    },
    PATIENCE_MS,
  );

  test(
    'in other languages: Java',
    async () => {
      const java = (await snippetsOf('docs/producing-other-languages.md', 'java')).get('Publish.java') ?? '';
      expect(java).toContain('KafkaProducer');
      const tenant = aTenant();
      const { output: modules } = await run('java', ['--list-modules'], tenant);
      // a run-time alone cannot compile it
      if (!modules.includes('jdk.compiler')) return;
      const { classPath } = await resolveKafkaJars(defaultCacheDir(), () => undefined);
      const file = join(tools, 'Publish.java');
      await writeFile(file, java);
      expect(await run('java', ['-Dorg.slf4j.simpleLogger.defaultLogLevel=error', '-cp', classPath, file], tenant)).toEqual({
        code: 0,
        output: '',
      });
      await stands(tenant, 1);
      expect(await log(tenant)).toMatchObject([{ type: 'lead.status_changed', source: '/producers/lead-service' }]);
    },
    PATIENCE_MS,
  );

  test('leave no dead letter behind', async () => {
    expect(await rig.sql('select topic, reason, schema_path from annals.dead_letters')).toEqual([]);
  });
});

function isInstalled(command: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** A folder for the end of the PATH: what is not installed here is found there. */
async function standIns(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'annals-stand-ins-'));
  for (const name of ['kcat', 'psql']) {
    const file = join(folder, name);
    await writeFile(file, `#!/bin/sh\nexec "${process.execPath}" "${join(repositoryRoot(), 'test/e2e/stand-ins', `${name}.mjs`)}" "$@"\n`);
    await chmod(file, 0o755);
  }
  return folder;
}
