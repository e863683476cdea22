import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { nodeFlags } from '../../../../apps/cli/src/start/node-flags.js';
import { mintToken } from '#libs/service';
import { connectionFor } from '#libs/store';
import { startChild, type ChildApp } from '../stack/child-app.js';
import { freePort, respondsOk } from '../stack/http-port.js';
import type { Target } from './drive.js';

const ENTRY = fileURLToPath(new URL('../../../../apps/query/src/main.js', import.meta.url));

export interface QueryApp extends ChildApp {
  /** A path of it, asked by a member of the tenant's staff; of the first tenant's when left out. */
  target(name: string, path: string, tenantId?: string): Target;
}

/** The built query app on a database, with authentication and row-level security as in production. */
export async function startQuery(databaseUrl: string, ...tenants: readonly string[]): Promise<QueryApp> {
  const port = await freePort();
  const secret = randomBytes(32).toString('hex');
  const token = await mintToken({ secret, tenants, user: 'bench' });
  const headersFor = (tenantId = tenants[0] ?? '') => ({ authorization: `Bearer ${token}`, orgid: tenantId });
  const url = `http://127.0.0.1:${port}`;
  const app = await startChild({
    name: 'the query app',
    entry: ENTRY,
    nodeFlags: nodeFlags('query'),
    env: {
      QUERY_DATABASE_URL: connectionFor(databaseUrl, 'query'),
      APP_DATABASE_URL: connectionFor(databaseUrl, 'app'),
      // nothing is published here
      KAFKA_BROKERS: '127.0.0.1:9',
      PORT: String(port),
      HOST: '127.0.0.1',
      JWT_SECRET: secret,
    },
    ready: () => respondsOk(`${url}/health/ready`),
  });
  return { ...app, target: (name, path, tenantId) => ({ name, nodePid: app.pid, url: url + path, headers: headersFor(tenantId) }) };
}
