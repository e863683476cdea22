import { eventually, type SpawnedApp } from '#libs/testing';
import { cuttable, type Cuttable } from './openapi/cuttable.js';
import { send, type Answer, type Sending } from './openapi/send.js';
import { ServedDocument, type Operation } from './openapi/served-document.js';
import { World } from './openapi/world.js';
import { Rig } from './rig.js';

/** The statuses that only trouble brings, of every operation that documents them. */
describe('every operation of the OpenAPI document, in trouble,', () => {
  let rig: Rig;
  let ingest: SpawnedApp;
  let document: ServedDocument;
  let world: World;
  let way: Cuttable;
  /** Asks a database that goes away. */
  let cutOff: SpawnedApp;
  beforeAll(async () => {
    rig = await Rig.open(1);
    const [query, following] = await Promise.all([rig.query({ QUERY_WRITE_WAIT_MS: '15000' }), rig.ingest(), rig.app('automation')]);
    ingest = following;
    document = await ServedDocument.of(query.url);
    world = new World(rig, query.url, document);
    await world.make();
    way = await cuttable(rig.databaseUrl);
    cutOff = await rig.query({ DATABASE_URL: way.url, QUERY_WRITE_WAIT_MS: '300', QUERY_READ_WAIT_MS: '100' });
  }, 120_000);
  afterAll(async () => {
    await rig?.close();
    await way?.cut();
  }, 60_000);

  const having = (status: string): Operation[] => document.operations.filter(({ responses }) => status in responses);
  const written = (): Operation[] => having('202');

  /** Good requests of a member of staff, made ready while all is well. */
  async function requestsOf(operations: readonly Operation[]): Promise<Map<Operation, Sending>> {
    const made = new Map<Operation, Sending>();
    for (const operation of operations) made.set(operation, await world.requestOf(operation, world.caller('a member of staff')));
    return made;
  }

  /** What is not as documented, or not what was expected, by operation. */
  async function faultsOf(url: string, requests: ReadonlyMap<Operation, Sending>, expected: (answer: Answer) => boolean): Promise<object> {
    const found: Record<string, unknown> = {};
    for (const [operation, request] of requests) {
      const answer = await send(url, request);
      const faults = [
        ...document.faultsOf(operation, answer),
        ...(expected(answer) ? [] : [`${answer.status} ${answer.text.slice(0, 300)}`]),
      ];
      if (/ECONNREFUSED|\/\/[^ ]*@|\.[jt]s:\d+/.test(answer.text)) faults.push(`shows too much: ${answer.text}`);
      if (faults.length > 0) found[`${operation.method} ${operation.path}`] = faults;
    }
    return found;
  }
  const unavailable = ({ status, headers, json }: Answer): boolean =>
    status === 503 && headers.get('retry-after') !== null && json['type'] === 'urn:annals:problem:unavailable';

  test('answers 412 to who has seen another version than stands, and changes nothing', async () => {
    const operations = having('412');
    expect(operations.length).toBeGreaterThan(0);
    const requests = await requestsOf(operations);
    for (const [operation, request] of requests)
      requests.set(operation, { ...request, headers: { ...request.headers, 'if-match': '"999"' } });
    const isChanged = ({ status, json }: Answer): boolean => status === 412 && json['type'] === 'urn:annals:problem:changed-meanwhile';
    const before = await world.picture();
    expect(await faultsOf(cutOff.url, requests, isChanged)).toEqual({});
    expect(await world.picture()).toEqual(before);
  }, 60_000);

  test('answers 503 to what would be written while Kafka is away, and writes nothing', async () => {
    expect(written().length).toBeGreaterThan(4);
    const requests = await requestsOf(written());
    const alone = await rig.query({ KAFKA_BROKERS: '127.0.0.1:9', QUERY_WRITE_WAIT_MS: '300' });
    const before = await world.picture();
    expect(await faultsOf(alone.url, requests, unavailable)).toEqual({});
    await alone.stop();
    expect(await world.picture()).toEqual(before);
  }, 120_000);

  test('answers 202 with a token to what is written while ingest stands still, and it stands later', async () => {
    const requests = await requestsOf(written());
    await ingest.stop();
    const tokens = new Set<string>();
    const isOnItsWay = ({ status, headers, json }: Answer): boolean => {
      const token = headers.get('position-token');
      if (token !== null) tokens.add(token);
      return status === 202 && token !== null && json['token'] === token && json['id'] === token;
    };
    expect(await faultsOf(cutOff.url, requests, isOnItsWay)).toEqual({});
    ingest = await rig.ingest();
    const { headers } = world.caller('a member of staff');
    for (const token of tokens) {
      const stands = async () => (await world.send({ method: 'GET', path: `/api/v1/events/${token}`, headers })).status === 200;
      await eventually(stands, { describe: 'what was on its way stands', timeoutMs: 30_000 });
    }
  }, 120_000);

  // the last: nothing comes back to it
  test('answers 503 while the database is away, but for what it can do without', async () => {
    const requests = await requestsOf(having('503').filter(({ security }) => security.length > 0));
    expect(requests.size).toBeGreaterThan(40);
    const withToken = { 'position-token': '1' };
    for (const [operation, request] of requests) {
      // types are in memory: only where somebody waits for a position is the log asked
      if (operation.path.startsWith('/api/v1/types'))
        requests.set(operation, { ...request, headers: { ...request.headers, ...withToken } });
    }
    await way.cut();
    // an entry is on its way before anybody looks whether it stands: their 503 is that of Kafka
    const needsNone = new Set<Operation>(written());
    const [entries, others] = [[...requests].filter(([one]) => needsNone.has(one)), [...requests].filter(([one]) => !needsNone.has(one))];
    expect(await faultsOf(cutOff.url, new Map(others), unavailable)).toEqual({});
    expect(await faultsOf(cutOff.url, new Map(entries), (answer) => answer.status === 202 || unavailable(answer))).toEqual({});
    const isReady = async (): Promise<Answer> => send(cutOff.url, { method: 'GET', path: '/health/ready' });
    await eventually(async () => (await isReady()).status === 503, { describe: 'it is not ready' });
    const ready = document.find('GET', '/health/ready');
    expect(ready && document.faultsOf(ready, await isReady())).toEqual([]);
  }, 120_000);
});
