import { unwatchFile, watchFile } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Logger } from '#libs/service';
import { endpointKey, readEndpoints, type Endpoint, type ProviderName } from './endpoint.js';

/** The endpoints that are served now. */
export interface Endpoints {
  find(provider: ProviderName, tenant: string): Endpoint | undefined;
  readonly count: number;
  close(): void;
}

/** By modification time: works where the file is exchanged as a whole, as mounted configurations are. */
const LOOK_MS = 1000;

/**
 * Reads the file and follows its changes. Rejects with every fault when it cannot be served at the start; a later fault is
 * logged, and what was valid before goes on.
 */
export async function openEndpoints(path: string | undefined, logger: Logger): Promise<Endpoints> {
  let served = new Map<string, Endpoint>();
  const load = async (file: string): Promise<readonly string[]> => {
    const read = readEndpoints(await readFile(file, 'utf8'));
    if (read.outcome === 'invalid') return read.faults;
    served = new Map(read.endpoints.map((endpoint) => [endpointKey(endpoint), endpoint]));
    logger.info({ endpoints: served.size }, 'endpoints read');
    return [];
  };
  if (path !== undefined) {
    const faults = await load(path).catch(() => ['the file cannot be read']);
    if (faults.length > 0) throw new Error(`WEBHOOKS_CONFIG: ${faults.join('; ')}`);
    watchFile(path, { interval: LOOK_MS, persistent: false }, () => {
      void load(path)
        .catch(() => ['the file cannot be read'])
        .then(
          (found) => found.length > 0 && logger.error({ faults: found }, 'WEBHOOKS_CONFIG is not valid: what was served before goes on'),
        );
    });
  }
  return {
    find: (provider, tenant) => served.get(endpointKey({ provider, tenant: tenant.toLowerCase() })),
    get count() {
      return served.size;
    },
    close: () => path !== undefined && unwatchFile(path),
  };
}
