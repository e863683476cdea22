import { CALLERS, PLANTED, type CallerName } from './openapi/callers.js';
import { Judge } from './openapi/judge.js';
import type { Answer } from './openapi/send.js';
import { ServedDocument, type Operation, type Schema } from './openapi/served-document.js';
import { exampleOf, World } from './openapi/world.js';
import { Rig } from './rig.js';

/** What a customer may ask, of itself. */
const FOR_CUSTOMERS = ['activity_byCustomer', 'events_event', 'stream_timeline', 'tickets_issue', 'timelines_timeline'];
const AHEAD = '999999999';

const isStaffOnly = ({ summary }: Operation): boolean => summary.includes('staff only');
const isStream = ({ path }: Operation): boolean => path.endsWith('/stream');
const fieldsOf = ({ json }: Answer): string[] => (json.errors ?? []).map(({ field }) => field);
const unless = (holds: boolean, answer: Answer): unknown[] => (holds ? [] : [`${answer.status} ${answer.text.slice(0, 300)}`]);
const leaks = (answer: Answer): unknown[] =>
  [answer.text, ...answer.headers.values()].some((text) => text.includes(PLANTED)) ? [`shows ${answer.text}`] : [];
const refused = (answer: Answer, statuses: readonly number[], field: RegExp): unknown[] =>
  unless(statuses.includes(answer.status) && fieldsOf(answer).some((name) => field.test(name)), answer);

/** Something that the schema does not take. */
const wrongKind = ({ type, enum: values }: Schema): unknown =>
  type === 'string' || values !== undefined ? { wrong: 'kind' } : 'of the wrong kind';
/** What a query parameter takes. */
function goodValue({ schema }: { readonly schema: Schema }): string {
  const { example, default: usual, enum: values, type, format } = schema;
  if (format === 'date-time') return '2026-01-05T14:30:00Z';
  const value = example ?? usual ?? values?.[0] ?? (type === 'boolean' ? false : 1);
  return [value]
    .flat()
    .map((one) => (typeof one === 'string' ? one : JSON.stringify(one)))
    .join();
}

describe('every operation of the OpenAPI document', () => {
  let rig: Rig;
  let document: ServedDocument;
  let world: World;
  let judge: Judge;
  beforeAll(async () => {
    rig = await Rig.open(1);
    const [query] = await Promise.all([
      rig.query({ STREAM_HEARTBEAT_SECONDS: '1', QUERY_READ_WAIT_MS: '100', QUERY_WRITE_WAIT_MS: '15000' }),
      rig.ingest(),
      rig.app('automation'),
    ]);
    document = await ServedDocument.of(query.url);
    world = new World(rig, query.url, document);
    judge = new Judge(document, world);
    await world.make();
  }, 120_000);
  afterAll(() => rig.close(), 60_000);

  test('says whether it is for customers: their own timeline, stream, events and tickets are', () => {
    const open = document.guarded.filter((operation) => !isStaffOnly(operation)).map(({ operationId }) => operationId);
    expect(open.sort()).toEqual(FOR_CUSTOMERS);
  });

  describe('as long as nobody of staff asks', () => {
    let before: string[];
    beforeAll(async () => {
      await world.stand();
      before = await world.picture();
    });
    afterAll(async () => expect(await world.picture()).toEqual(before));

    test.each(['no token', 'a malformed token', 'an expired token'] as const)('is closed to %s', async (name) => {
      expect(before.join()).toContain(PLANTED);
      const faults = await judge.everything(name, (_, answer) => {
        const challenge = answer.headers.get('www-authenticate') ?? '';
        return [...unless(answer.status === 401 && challenge.startsWith('Bearer realm="annals"'), answer), ...leaks(answer)];
      });
      expect(faults).toEqual({});
    });

    test('is forbidden to another tenant that names ours', async () => {
      const faults = await judge.everything('another tenant with our orgid', (_, answer) => [
        ...unless(answer.status === 403 && fieldsOf(answer).includes('orgid'), answer),
        ...leaks(answer),
      ]);
      expect(faults).toEqual({});
    });

    test.each(['another tenant without orgid', 'another tenant with its own orgid'] as const)(
      'shows nothing of ours to %s',
      async (name) => {
        const faults = await judge.everything(name, ({ path }, answer) => {
          const lacksOrgid = name === 'another tenant without orgid' && path.startsWith('/api/crm/');
          const unknown = path.includes('{id}') && !world.isChosen(path.slice(0, path.indexOf('/{id}')));
          const asExpected = lacksOrgid
            ? answer.status === 403
            : unknown
              ? answer.status === 404
              : answer.status < 300 || answer.status === 404;
          return [...unless(asExpected, answer), ...leaks(answer)];
        });
        expect(faults).toEqual({});
      },
    );

    test('shows the customer what is its own, and that without what staff know', async () => {
      const faults = await judge.everything('the customer', (operation, answer) => {
        const own = FOR_CUSTOMERS.includes(operation.operationId);
        const asExpected = own
          ? answer.status < 300 && (!isStream(operation) || answer.text.includes('event: item'))
          : [403, 404].includes(answer.status);
        return [...unless(asExpected && !answer.text.includes('"position"'), answer), ...leaks(answer)];
      });
      expect(faults).toEqual({});
    });
  });

  test.each(['a member of staff', 'a service', 'the scope admin'] as const)(
    'is open to %s',
    async (name) => {
      const faults = await judge.everything(name, (operation, answer) =>
        unless(answer.status < 300 && (!isStream(operation) || answer.text.includes('event: item')), answer),
      );
      expect(faults).toEqual({});
    },
    60_000,
  );

  test('is closed to the customer where it is about somebody else, or for staff', async () => {
    const note = await world.staffEvent();
    const others = [
      { entityId: `contact-${PLANTED}`, ownerId: `contact-${PLANTED}` },
      { entityType: 'account', datatype: 'account' },
      { id: note },
    ];
    const asked = document.guarded.filter(({ operationId, path }) => FOR_CUSTOMERS.includes(operationId) && path.includes('{'));
    const faults = await judge.each(asked, async (operation) => {
      const inPath = others.filter((at) => Object.keys(at).some((name) => operation.path.includes(`{${name}}`)));
      const answers = await Promise.all(inPath.map((at) => judge.changed(operation, { as: 'the customer', at })));
      return answers.flatMap(({ answer, faults: more }) => [...more, ...unless(answer.status === 404, answer), ...leaks(answer)]);
    });
    expect(faults).toEqual({});
  });

  test('lets the scope admin delete what others commented, which staff may not', async () => {
    const operation = document.find('DELETE', '/api/crm/activity/comment/delete/{id}');
    const request = await world.requestOf(operation as Operation, world.caller('a member of staff'));
    const as = async (name: CallerName): Promise<number> =>
      (await world.send({ ...request, headers: { ...request.headers, ...world.caller(name).headers } })).status;
    expect([await as('a service'), await as('the scope admin')]).toEqual([403, 200]);
  });

  test('refuses a parameter that it does not declare, and takes those that it does', async () => {
    const faults = await judge.each(document.guarded, async (operation) => {
      const stray = await judge.changed(operation, { query: '?undeclared=1' });
      const declared = operation.parameters.filter(
        (parameter) => parameter.in === 'query' && !['ticket', 'cursor', 'pin'].includes(parameter.name),
      );
      const found = [...stray.faults, ...refused(stray.answer, [400], /^undeclared$/)];
      for (const parameter of declared) {
        const { answer, faults } = await judge.changed(operation, {
          query: `?${parameter.name}=${encodeURIComponent(goodValue(parameter))}`,
        });
        const unknown = answer.status === 400 && answer.text.includes('is no parameter');
        found.push(...faults, ...unless(!unknown, answer));
      }
      return found;
    });
    expect(faults).toEqual({});
  }, 120_000);

  test('refuses an id that is none, and names it', async () => {
    const faults = await judge.each(document.guarded, async (operation) => {
      const ids = operation.parameters.filter((parameter) => parameter.in === 'path' && parameter.schema.format === 'uuid');
      const found = await Promise.all(
        ids.map(({ name }) =>
          judge
            .changed(operation, { at: { [name]: 'seven' } })
            .then(({ answer, faults: more }) => [...more, ...refused(answer, [400], new RegExp(`^${name}$`))]),
        ),
      );
      return found.flat();
    });
    expect(faults).toEqual({});
  });

  test('refuses a body that is no JSON object, is too large or of another type, and names each member of the wrong kind', async () => {
    const faults = await judge.each(
      document.guarded.filter(({ requestBody }) => requestBody !== undefined),
      async (operation) => {
        const whole = JSON.stringify({ ...exampleOf(operation), filler: 'x'.repeat(1_100_000) });
        const other = { 'content-type': 'application/xml' };
        const tries: [string, Readonly<Record<string, string>>, number[], RegExp][] = [
          ['[]', {}, [400], /^body$/],
          ['"text"', {}, [400], /^body$/],
          ['{"', {}, [400], /^body$/],
          [whole, {}, [413], /^body$/],
          ['<a/>', other, [415], /^content-type$/],
          ...Object.entries(document.bodyOf(operation)).map(
            ([name, schema]): [string, Readonly<Record<string, string>>, number[], RegExp] => [
              JSON.stringify({ ...exampleOf(operation), [name]: wrongKind(schema) }),
              ...([{}, [400, 422]] as [Readonly<Record<string, string>>, number[]]),
              new RegExp(`^/?${name}\\b`),
            ],
          ),
        ];
        const found: unknown[] = [];
        for (const [body, headers, statuses, field] of tries) {
          const { answer, faults: more } = await judge.changed(operation, { body, headers });
          found.push(...more, ...refused(answer, statuses, field).map((fault) => [body.slice(0, 200), fault]));
        }
        return found;
      },
    );
    expect(faults).toEqual({});
  }, 120_000);

  test('waits for what a position token names, and says how far the log is', async () => {
    const faults = await judge.each(document.guarded, async (operation) => {
      const { answer, faults: more } = await judge.changed(operation, { headers: { 'position-token': AHEAD } });
      return [...more, ...unless(answer.status === 409 && answer.json['asked'] === AHEAD, answer)];
    });
    expect(faults).toEqual({});
  }, 60_000);

  test('is the only way: every other method of its path is 405, so nothing can be changed in place', async () => {
    const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
    const faults: unknown[] = [];
    for (const path of new Set(document.operations.map((operation) => operation.path.replaceAll(/\{\w+\}/g, 'x')))) {
      const known = new Set(document.at(path).map(({ method }) => method));
      for (const method of methods.filter((one) => !known.has(one))) {
        const answer = await world.send({ method, path, headers: world.caller('the scope admin').headers });
        const allowed = (answer.headers.get('allow') ?? '').split(', ').filter((one) => one !== 'HEAD');
        const asExpected = answer.status === 405 && answer.type.startsWith('application/problem+json');
        faults.push(...unless(asExpected && allowed.join() === [...known].sort().join(), answer).map((fault) => [method, path, fault]));
      }
    }
    expect(faults).toEqual([]);
  });

  test('was tried by everybody', () => {
    process.stdout.write(`${judge.tried.size} pairs of operation and caller, ${judge.requests} requests\n`);
    expect(judge.tried.size).toBeGreaterThanOrEqual(document.operations.length * CALLERS.length);
  });
});
