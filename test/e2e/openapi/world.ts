import { randomUUID } from 'node:crypto';
import { eventually } from '#libs/testing';
import type { Rig, Sent } from '../rig.js';
import { callersOf, PLANTED, STAFF, type Caller, type CallerName } from './callers.js';
import { send, type Answer, type Sending } from './send.js';
import type { Operation, ServedDocument } from './served-document.js';

const CONTACT = 'contact-abc';
const DEAL = `deal-${PLANTED}`;
/** Values of path parameters that go by their name, wherever they stand. */
const BY_NAME: Readonly<Record<string, string>> = { entityType: 'contact', entityId: CONTACT, datatype: 'contact', ownerId: CONTACT };
const OF_RESOURCES: typeof BY_NAME = { datatype: 'deal', ownerId: DEAL };

/** A tenant that has something of everything, another one, and who comes to their doors. */
export class World {
  private readonly ours = randomUUID();
  private readonly theirs = randomUUID();
  private callers: ReadonlyMap<CallerName, Caller> = new Map();
  /** Of our tenant, and shown to the customer. */
  private shownEvent = '';
  /** By user. */
  private readonly notifications = new Map<string, string>();
  private readonly standing = new Map<string, Promise<string>>();

  constructor(
    private readonly rig: Rig,
    private readonly url: string,
    private readonly document: ServedDocument,
  ) {}

  async make(): Promise<void> {
    this.callers = await callersOf(this.ours, this.theirs, `contact/${CONTACT}`);
    const to = [`boss.${PLANTED}@example.com`];
    await this.rig.publish([
      this.event('crm.email', 'email.sent', `contact/${CONTACT}`, { emailSubject: 'Your quote', messageId: 'm-1', to }),
      this.event('crm.email', 'email.sent', `contact/contact-${PLANTED}`, { emailSubject: PLANTED, messageId: 'm-2', to }),
      this.event('crm.engagement', 'note.added', `contact/${CONTACT}`, { text: PLANTED }),
      this.event('crm.deal', 'deal.stage_changed', `deal/${DEAL}`, { from: 'Proposal', to: 'Negotiation' }),
    ]);
    await eventually(async () => (await this.rig.appended(this.ours)) === 4, {
      describe: 'all events stand in the log',
      timeoutMs: 30_000,
    });
    const { json } = await this.send({
      method: 'GET',
      path: `/api/v1/timelines/contact/${CONTACT}`,
      headers: this.caller('the customer').headers,
    });
    this.shownEvent = String((json['items'] as { id: string }[])[0]?.id);
    await this.comment(this.caller('a member of staff'), STAFF);
    for (const name of ['a member of staff', 'a service', 'the scope admin'] as const) await this.awaitNotification(this.caller(name));
  }

  caller(name: CallerName): Caller {
    const found = this.callers.get(name);
    if (found === undefined) throw new Error(`nobody is called ${name}`);
    return found;
  }

  send(sending: Sending): Promise<Answer> {
    return send(this.url, sending);
  }

  /** A request that the operation takes, of this caller: what its path names exists, and is the caller's own where that matters; or as `at` says. */
  async requestOf(operation: Operation, caller: Caller, at: Readonly<Record<string, string | undefined>> = {}): Promise<Sending> {
    const { method, requestBody } = operation;
    let path = operation.path;
    for (const { name } of operation.parameters.filter((parameter) => parameter.in === 'path'))
      path = path.replace(`{${name}}`, encodeURIComponent(at[name] ?? (await this.pathValue(operation, name, caller))));
    const streams = path.endsWith('/stream') && { 'last-event-id': '0' };
    const headers = { ...caller.headers, ...streams, ...(requestBody && { 'content-type': 'application/json' }) };
    return { method, path, headers, ...(requestBody && { body: JSON.stringify(exampleOf(operation)) }) };
  }

  /** About the customer, and not shown to it. */
  staffEvent(): Promise<string> {
    return this.fresh('/api/v1/events', this.caller('a member of staff'));
  }

  /** Makes what those who are refused will ask for. */
  async stand(): Promise<void> {
    for (const operation of this.document.guarded) await this.requestOf(operation, this.caller('the customer'));
  }

  /** As staff see it: all lists and settings, to tell whether anything has changed. */
  async picture(): Promise<string[]> {
    const { headers } = this.caller('a member of staff');
    const whole = this.document.guarded.filter(({ method, path }) => method === 'GET' && !/\{|stream|rollups/.test(path));
    return Promise.all(whole.map(async ({ path }) => `${path} ${(await this.send({ method: 'GET', path, headers })).text}`));
  }

  private async pathValue(operation: Operation, name: string, caller: Caller): Promise<string> {
    const named = operation.path.startsWith('/api/crm/activity/by-resource') ? OF_RESOURCES[name] : BY_NAME[name];
    if (named !== undefined) return named;
    const place = operation.path.slice(0, operation.path.indexOf(`/{${name}}`));
    const staff = this.caller('a member of staff');
    if (place === '/api/v1/notifications') return this.notifications.get(caller.user ?? staff.user ?? '') ?? '';
    if (operation.method === 'GET' && place === '/api/v1/events') return this.shownEvent;
    // whoever is refused may try it on what stands; whoever is not may use it up
    if (caller.kind === 'staff') return this.fresh(place, caller.name === 'the scope admin' ? staff : caller);
    const standing = this.standing.get(place) ?? this.fresh(place, staff);
    this.standing.set(place, standing);
    return standing;
  }

  /** Something new of `author` at this place, by its id. */
  private async fresh(place: string, author: Caller): Promise<string> {
    if (place === '/api/v1/events') return this.create(`/api/v1/timelines/contact/${CONTACT}/notes`, author, { text: PLANTED });
    if (place === '/api/crm/activity/comment/delete') return this.comment(author, []);
    if (place === '/api/v1/enrollments') return this.enrol(author);
    const creation = this.document.find('POST', place);
    if (creation?.responses['201']) return this.create(place, author, exampleOf(creation));
    if (this.isChosen(place)) return this.save(place, author);
    throw new Error(`${place}/… names something that the world has not: give it one`);
  }

  private comment(author: Caller, mentions: readonly string[]): Promise<string> {
    return this.create('/api/crm/activity/comment/create', author, { datatype: 'contact', ownerId: CONTACT, text: PLANTED, mentions });
  }

  /** Whether ids at this place are chosen by whoever saves something under one. */
  isChosen(place: string): boolean {
    return this.document.find('POST', place) === undefined && this.document.find('PUT', `${place}/{id}`) !== undefined;
  }

  private async save(place: string, author: Caller): Promise<string> {
    const operation = this.document.find('PUT', `${place}/{id}`);
    const body = exampleOf(operation) as { readonly id: string };
    const { status, text } = await this.send(withBody('PUT', `${place}/${body.id}`, author, body));
    if (status >= 300) throw new Error(`PUT ${place}/${body.id}: ${status} ${text}`);
    return body.id;
  }

  private async enrol(author: Caller): Promise<string> {
    const sequence = await this.save('/api/v1/sequences', author);
    return this.create(`/api/v1/sequences/${sequence}/enrollments`, author, { lead: { type: 'lead', id: randomUUID() } });
  }

  /** The id of what is made: the last part of where it is read. */
  private async create(path: string, author: Caller, body: object): Promise<string> {
    const answer = await this.send(withBody('POST', path, author, body));
    const id = answer.headers.get('location')?.split('/').at(-1) ?? answer.json['id'];
    if (typeof id !== 'string') throw new Error(`POST ${path}: ${answer.status} ${answer.text}`);
    return id;
  }

  private async awaitNotification({ headers, user = '' }: Caller): Promise<void> {
    const look = async (): Promise<boolean> => {
      const { json } = await this.send({ method: 'GET', path: '/api/v1/notifications', headers });
      const [first] = json['items'] as { id: string }[];
      if (first) this.notifications.set(user, first.id);
      return first !== undefined;
    };
    await eventually(look, { describe: `${user} is told of the mention`, timeoutMs: 30_000 });
  }

  private event(topic: string, type: string, subject: string, payload: object): Sent {
    const [kind = '', id = ''] = subject.split('/');
    const entities = [
      { type: kind, id },
      { type: 'account', id: `acc-${PLANTED}` },
    ];
    const value = {
      ...{ specversion: '1.0', id: randomUUID(), source: '/tests', type, tenantid: this.ours, subject, time: '2026-01-05T14:30:00Z' },
      ...{ actortype: 'human', actorid: STAFF[0], data: { entities, payload } },
    };
    return { topic, key: this.ours, headers: { 'content-type': 'application/cloudevents+json' }, value: JSON.stringify(value) };
  }
}

function withBody(method: string, path: string, { headers }: Caller, body: object): Sending {
  return { method, path, headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** The body that the document shows; where it names a position, one that every tenant has. */
export function exampleOf(operation: Operation | undefined): object {
  const example = operation?.requestBody?.content['application/json']?.example as object;
  return { ...example, ...('position' in example && { position: 1 }) };
}
