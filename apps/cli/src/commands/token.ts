import { jwtVariables, mintToken, type TokenHolder } from '#libs/service';
import { dataDirAt, knownJwtSecret } from '../data-dir.js';
import { Failure } from '../failure.js';

export interface TokenOptions {
  readonly tenant: readonly string[];
  readonly user?: string;
  readonly customer?: string;
  readonly service?: string;
  readonly ttl: string;
}

interface Surroundings {
  readonly dataDir: string;
  /** Instead of the secret of the folder. */
  readonly JWT_SECRET?: string;
  readonly JWT_ISSUER?: string;
  readonly JWT_AUDIENCE?: string;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const CUSTOMER = /^(contact|lead|merchant)\/.{1,255}$/s;
const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** A token for the local stack. Throws {@link Failure} with what is wrong. */
export async function tokenFor(options: TokenOptions, around: Surroundings): Promise<string> {
  const holder = holderOf(options);
  const wrong = options.tenant.find((tenant) => !UUID.test(tenant));
  if (wrong !== undefined) throw new Failure(`--tenant must be a UUID, not ${wrong}.`, 2);
  return mintToken({
    ...holder,
    secret: await secretOf(around),
    tenants: options.tenant.map((tenant) => tenant.toLowerCase()),
    ttlSeconds: secondsOf(options.ttl),
    ...(around.JWT_ISSUER !== undefined && { issuer: around.JWT_ISSUER }),
    ...(around.JWT_AUDIENCE !== undefined && { audience: around.JWT_AUDIENCE }),
  });
}

function holderOf({ user, customer, service }: TokenOptions): TokenHolder {
  const holders = [
    user === undefined ? [] : [{ user }],
    customer === undefined ? [] : [{ customer }],
    service === undefined ? [] : [{ service }],
  ];
  const [holder, ...more] = holders.flat() as TokenHolder[];
  if (holder === undefined || more.length > 0)
    throw new Failure('Name one holder: --user <id>, --customer contact/<id> or --service <name>.', 2);
  if (customer !== undefined && !CUSTOMER.test(customer))
    throw new Failure('--customer must read contact/<id>, lead/<id> or merchant/<id>.', 2);
  return holder;
}

function secondsOf(ttl: string): number {
  const [, count, unit = ''] = /^([1-9]\d{0,6})([smhd])$/.exec(ttl) ?? [];
  if (count === undefined) throw new Failure('--ttl must read like 30m, 12h or 7d.', 2);
  return Number(count) * (UNIT_SECONDS[unit] ?? 1);
}

async function secretOf({ dataDir, JWT_SECRET }: Surroundings): Promise<string> {
  if (JWT_SECRET !== undefined && JWT_SECRET !== '') {
    if (!jwtVariables.JWT_SECRET.schema.safeParse(JWT_SECRET).success) throw new Failure('JWT_SECRET must be at least 32 bytes long.');
    return JWT_SECRET;
  }
  const secret = await knownJwtSecret(dataDirAt(dataDir));
  if (secret === undefined)
    throw new Failure(
      `There is no secret in ${dataDir} yet: npm start makes it (DATA_DIR names another folder, JWT_SECRET another secret).`,
    );
  return secret;
}
