import { Failure } from '../failure.js';

const PATIENCE_MS = 5_000;

/** Seed 002: if a contact tagged vip opens a message, tell the one who looks after it. */
const RULE = {
  name: 'vip opened',
  on: ['email.opened'],
  if: {
    all: [{ field: 'contact.tags', op: 'includes', value: 'vip' }, { not: { field: 'payload.machine', op: 'eq', value: true } }],
  },
  then: [{ notify: { user: 'jane@larkfield.example.com' } }],
};

/** Saves the demo's rule for the tenant of the token, unless it has rules: it was saved by an earlier start, or somebody made their own. */
export async function wishForVipNews(http: string, token: string): Promise<void> {
  const url = `${http}/api/v1/rules`;
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const listed = await fetch(url, { headers, signal });
  if (listed.status === 200 && ((await listed.json()) as { items: unknown[] }).items.length > 0) return;
  const saved = await fetch(url, { method: 'POST', headers, body: JSON.stringify(RULE), signal });
  if (saved.status !== 201) throw new Failure(`The rule of the demo was not taken: ${(await saved.text()).slice(0, 500)}`);
}
