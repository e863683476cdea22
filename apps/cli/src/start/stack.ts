import { ensureTopics, type BusConfig } from '#libs/bus';
import { detectTools, whyNoJvmKafka } from '#libs/local-stack';
import { kafkaConnectionOf, mintToken } from '#libs/service';
import { migrate } from '#libs/store';
import { keptSecret, noteStack, type DataDir } from '../data-dir.js';
import { DEMO_CONTACT, DEMO_TENANT } from '../demo/cast.js';
import { Failure } from '../failure.js';
import { silent } from '../silent.js';
import { topicSpecs } from '../topic-specs.js';
import { planApps, type PlannedApp } from './app-plan.js';
import { demoEnv } from './demo-env.js';
import { demoFiles } from './demo-files.js';
import { defineForDemo } from './demo-definitions.js';
import type { Part, Parts } from './parts.js';
import { closingLines, demoPages, type Tokens } from './printed.js';
import { LOOPBACK, requireHttpPort, startKafkaPart, startPostgresPart, type KafkaPart } from './servers.js';
import type { StartConfig, StartOptions } from './settings.js';
import { startApp, type AppName } from './start-app.js';
import type { Print, Steps } from './steps.js';
import { untilFirstItem, untilReady } from './until.js';

/** Enough for the lanes of two instances. */
const PARTITIONS = 3;
const TOKEN_SECONDS = 30 * 86_400;
const STAFF = { user: 'jane@larkfield.example.com' };

interface StackParts {
  readonly config: StartConfig;
  readonly options: StartOptions;
  readonly dir: DataDir;
  readonly parts: Parts;
  readonly steps: Steps;
  /** Ends all waiting. */
  readonly signal: AbortSignal;
}

/** The local stack as it comes up, step by step; every server and app is added to `parts` as soon as it runs. */
export class LocalStack {
  private readonly http: string;
  private secret: string | undefined;

  constructor(private readonly its: StackParts) {
    this.http = `http://${LOOPBACK}:${its.config.PORT}`;
  }

  /** Answers with the lines to print when all is up. */
  async start(): Promise<string[]> {
    const { config, dir, options } = this.its;
    await requireHttpPort(config.PORT);
    if (config.KAFKA_BROKERS === undefined) await this.its.steps.run('Tools', () => checkTools(options));
    const databaseUrl = await this.startPostgres();
    const brokers = await this.startKafka();
    const bus = { ...kafkaConnectionOf({ ...config, KAFKA_BROKERS: [...brokers] }), clientId: 'annals-start' };
    await this.prepare(databaseUrl, bus);
    await noteStack(dir, { http: this.http, brokers, databaseUrl, pid: process.pid });
    const apps = await this.startApps(databaseUrl, brokers);
    const tokens = await this.tokens();
    const eventId = options.demo ? await this.startDemo(demoEnv(dir, apps, brokers, tokens !== undefined), tokens) : undefined;
    return closingLines(this.http, tokens, eventId);
  }

  private async startPostgres(): Promise<string> {
    const { config, dir, steps } = this.its;
    if (config.DATABASE_URL !== undefined) return config.DATABASE_URL;
    const postgres = await steps.run(
      'PostgreSQL',
      async (note) => this.added(await startPostgresPart(dir, note)),
      ({ url }) => new URL(url).host,
    );
    return postgres.url;
  }

  private async startKafka(): Promise<readonly string[]> {
    const { config, dir, options, steps } = this.its;
    if (config.KAFKA_BROKERS !== undefined) return config.KAFKA_BROKERS;
    const wishes = { port: config.KAFKA_PORT, docker: options.docker };
    const start = async (note: Print): Promise<KafkaPart> => this.added(await startKafkaPart(dir, wishes, note));
    return (await steps.run('Kafka', start, ({ brokers }) => brokers.join(','))).brokers;
  }

  private async prepare(databaseUrl: string, bus: BusConfig): Promise<void> {
    const { config, steps } = this.its;
    await steps.run('Migrations', () => migrate(databaseUrl));
    const here = config.KAFKA_BROKERS === undefined;
    const specs = topicSpecs({ partitions: PARTITIONS, prefix: config.KAFKA_TOPIC_PREFIX, ...(here && { replicationFactor: 1 }) });
    await steps.run(
      'Topics',
      () => ensureTopics(bus, silent, specs),
      (created) => `${created.length} created`,
    );
  }

  private async startApps(databaseUrl: string, brokers: readonly string[]): Promise<readonly PlannedApp[]> {
    const { config, dir, steps } = this.its;
    if (config.JWKS_URL === undefined) this.secret = config.JWT_SECRET ?? (await keptSecret(dir.jwtSecretFile));
    const demo = this.its.options.demo ? await demoFiles(dir) : undefined;
    const apps = await planApps({
      http: this.http,
      port: config.PORT,
      webhookPort: config.WEBHOOK_PORT,
      databaseUrl,
      brokers,
      jwtSecret: this.secret,
      trackingSecret: await keptSecret(dir.trackingSecretFile),
      demo,
    });
    for (const { name, title, url, env } of apps) {
      await steps.run(
        title,
        () => this.startApp(name, env, url),
        () => (name === 'query' || name === 'email-webhook' ? url : ''),
      );
    }
    return apps;
  }

  private async startApp(name: AppName, env: Readonly<Record<string, string>>, url: string): Promise<void> {
    // what an app needs is handed to it, so that none holds the owner's login
    const part = this.added(await startApp(this.its.dir, name, { DATABASE_URL: '', ...env }));
    await untilReady(name, url, part.logFile, this.its.signal);
  }

  /** Staff and customer of the demo's tenant; none where the keys are somebody else's. */
  private async tokens(): Promise<Tokens | undefined> {
    if (this.secret === undefined) return undefined;
    return {
      staff: await this.token(DEMO_TENANT, STAFF),
      customer: await this.token(DEMO_TENANT, { customer: `contact/${DEMO_CONTACT}` }),
    };
  }

  private token(tenant: string, bearer: { readonly user: string } | { readonly customer: string }): Promise<string> {
    const { JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = this.its.config;
    return mintToken({ secret: this.secret ?? '', tenants: [tenant], ttlSeconds: TOKEN_SECONDS, issuer, audience, ...bearer });
  }

  /** Answers with the id of an event on the first page, once every printed page shows something. */
  private async startDemo(env: PlannedApp['env'], tokens: Tokens | undefined): Promise<string | undefined> {
    const { dir, steps, signal } = this.its;
    return steps.run('Demo', async () => {
      if (tokens !== undefined) await defineForDemo(this.http, (tenant) => this.token(tenant, STAFF), env['DEMO_SMTP_PORT'] !== undefined);
      const demo = this.added(await startApp(dir, 'demo', env));
      if (tokens === undefined) return undefined;
      const pages = demoPages(this.http, tokens);
      const first = await Promise.all(
        pages.map(({ url, token }) => untilFirstItem(url, { authorization: `Bearer ${token}` }, demo.logFile, signal)),
      );
      return first[0]?.id;
    });
  }

  private added<P extends Part>(part: P): P {
    this.its.parts.add(part);
    return part;
  }
}

async function checkTools({ docker }: StartOptions): Promise<void> {
  const tools = await detectTools();
  if (docker) {
    if (!tools.docker) throw new Failure('No container engine answers: start Docker, or leave --docker out.');
    return;
  }
  const missing = whyNoJvmKafka(tools);
  if (missing === undefined) return;
  throw new Failure(tools.docker ? `${missing} Docker answers here: npm start -- --docker uses it.` : missing);
}
