import { freePort } from '#libs/local-stack';
import { connectionFor, type StoreRole } from '#libs/store';
import type { DemoFiles } from './demo-files.js';
import { isPortFree, LOOPBACK } from './servers.js';
import type { AppName } from './start-app.js';

/** One app of the stack: what it is told, and where it says that it is ready. */
export interface PlannedApp {
  readonly name: AppName;
  readonly title: string;
  readonly url: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface PlanInput {
  readonly http: string;
  readonly port: number;
  /** Absent: 3100, or another where that is in use. */
  readonly webhookPort: number | undefined;
  readonly databaseUrl: string;
  readonly brokers: readonly string[];
  /** Absent where the keys of tokens come from elsewhere. */
  readonly jwtSecret: string | undefined;
  readonly trackingSecret: string;
  /** Files of the demo; a path that the environment gives is taken instead. Absent: there is no demo. */
  readonly demo: DemoFiles | undefined;
}

const DEFAULT_WEBHOOK_PORT = 3100;

/** Every app in the order of its start, the one that speaks for all last. Each gets the login of its own role and no other. */
export async function planApps(input: PlanInput): Promise<PlannedApp[]> {
  const { databaseUrl, brokers } = input;
  const reach = { KAFKA_BROKERS: brokers.join(',') };
  const login = (prefix: string, role: StoreRole) => ({ [`${prefix}_DATABASE_URL`]: connectionFor(databaseUrl, role) });
  const worker = async (name: AppName, title: string, env: PlannedApp['env']): Promise<PlannedApp> => {
    const port = await freePort();
    return { name, title, url: `http://${LOOPBACK}:${port}`, env: { ...reach, HEALTH_HOST: LOOPBACK, HEALTH_PORT: String(port), ...env } };
  };
  const webhookPort = await webhookPortOf(input.webhookPort);
  const webhook: PlannedApp = {
    name: 'email-webhook',
    title: 'Email webhook',
    url: `http://${LOOPBACK}:${webhookPort}`,
    env: {
      ...reach,
      ...login('WEBHOOK', 'webhook'),
      WEBHOOK_HOST: LOOPBACK,
      WEBHOOK_PORT: String(webhookPort),
      TRACKING_SECRET: input.trackingSecret,
      ...(input.demo && { WEBHOOKS_CONFIG: process.env['WEBHOOKS_CONFIG'] ?? input.demo.webhooks }),
    },
  };
  const workers = [
    await worker('ingest', 'Ingest', {
      ...login('INGEST', 'ingest'),
      // one instance: after a crash nobody else takes over, the next start should not wait long
      KAFKA_SESSION_TIMEOUT_MS: process.env['KAFKA_SESSION_TIMEOUT_MS'] ?? '10000',
    }),
    await worker('automation', 'Automation', login('AUTOMATION', 'automation')),
    webhook,
    await worker('enrichment-worker', 'Enrichment worker', {
      ...login('ENRICHMENT', 'enrichment'),
      // this machine asks nobody on the internet unless it is told to
      ENRICHMENT_WEBSITES: process.env['ENRICHMENT_WEBSITES'] ?? 'false',
      ...(input.demo && { ENRICHMENT_DATASET: process.env['ENRICHMENT_DATASET'] ?? input.demo.companies }),
    }),
    await worker('sequence-engine', 'Sequence engine', {
      ...login('SEQUENCES', 'sequences'),
      TRACKING_SECRET: input.trackingSecret,
      TRACKING_URL: process.env['TRACKING_URL'] ?? webhook.url,
      ...(input.demo?.mailbox === true && (await demoMail())),
    }),
  ];
  return [...workers, queryApp(input, workers, { ...reach, ...login('QUERY', 'query'), ...login('APP', 'app') })];
}

function queryApp({ http, port, jwtSecret }: PlanInput, peers: readonly PlannedApp[], env: PlannedApp['env']): PlannedApp {
  return {
    name: 'query',
    title: 'Query',
    url: http,
    env: {
      ...env,
      HOST: LOOPBACK,
      PORT: String(port),
      PEER_URLS: peers.map(({ name, url }) => `${name}=${url}`).join(','),
      ...(jwtSecret !== undefined && { JWT_SECRET: jwtSecret }),
    },
  };
}

/** Mail leaves for the demo's own mailbox. */
async function demoMail(): Promise<PlannedApp['env']> {
  return { SMTP_URL: `smtp://${LOOPBACK}:${await freePort()}`, SEQUENCE_FROM: 'hello@demo.example.com' };
}

/** A port that was asked for is taken as it is: if somebody else has it, the app says so. */
async function webhookPortOf(given: number | undefined): Promise<number> {
  if (given !== undefined) return given;
  return (await isPortFree(DEFAULT_WEBHOOK_PORT)) ? DEFAULT_WEBHOOK_PORT : freePort();
}
