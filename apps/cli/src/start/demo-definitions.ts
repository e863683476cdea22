import { companiesOf, DEMO_TENANT, type Company } from '../demo/cast.js';
import { DEFAULT_SEED } from '../demo/config.js';
import { Failure } from '../failure.js';

const PATIENCE_MS = 30_000;

/** Seed 002: if a contact tagged vip opens a message, tell the one who looks after it. */
const RULE = {
  name: 'vip opened',
  on: ['email.opened'],
  if: {
    all: [{ field: 'contact.tags', op: 'includes', value: 'vip' }, { not: { field: 'payload.machine', op: 'eq', value: true } }],
  },
  then: [{ notify: { user: 'jane@larkfield.example.com' } }],
};

/** Whoever asks for a demo gets letters, until they answer, buy or are given up. */
const sequenceOf = ({ name, site, sender }: Company): object => ({
  name: 'Welcome series',
  enrollOn: [{ on: ['lead.added'] }],
  steps: [
    {
      id: 'hello',
      channel: 'email',
      delay: {},
      templateId: 'tmpl-hello',
      subject: 'Following up on your inquiry',
      html: `<p>Hello {{firstName}},</p><p>here is <a href="${site}/pricing">what it costs</a>. When may we show it to you?</p>`,
    },
    { id: 'look-in', channel: 'task', delay: { minutes: 1 }, text: 'Look whether they have logged in' },
    { id: 'ring', channel: 'call', delay: { minutes: 2 }, text: 'Ask how it goes' },
  ],
  pauseOn: [{ name: 'demo booked', on: ['reservation.booked'] }],
  resumeOn: [{ name: 'demo held', on: ['call.completed'] }],
  from: { name, address: sender },
});

const PLAYBOOK = {
  name: 'Answer intent',
  on: ['signal.detected'],
  if: { field: 'payload.signalType', op: 'eq', value: 'pricing_page_surge' },
  actions: [{ note: { text: 'Many of them look at the prices: call before the week is over.' } }],
};

/**
 * Saves what the demo's tenants have defined; saved again it is the same. Rules of the user's own are left as they are, and nobody is written to
 * who is not in the demo.
 */
export async function defineForDemo(http: string, tokenOf: (tenant: string) => Promise<string>, hasMailbox: boolean): Promise<void> {
  for (const company of companiesOf(DEFAULT_SEED)) {
    const ask = asking(http, await tokenOf(company.tenantId));
    if (hasMailbox) {
      await ask('PUT', 'sequences/seq-welcome', sequenceOf(company));
      await ask('PUT', 'playbooks/play-intent', PLAYBOOK);
    }
    if (company.tenantId !== DEMO_TENANT) continue;
    const rules = (await ask('GET', 'rules')) as { readonly items: readonly unknown[] };
    if (rules.items.length === 0) await ask('POST', 'rules', RULE);
  }
}

function asking(http: string, token: string) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return async (method: string, path: string, body?: object): Promise<unknown> => {
    const url = `${http}/api/v1/${path}`;
    const response = await fetch(url, {
      method,
      headers,
      body: body ? JSON.stringify(body) : null,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (!response.ok) throw new Failure(`What the demo defines was not taken: ${path}: ${(await response.text()).slice(0, 500)}`);
    return response.json();
  };
}
