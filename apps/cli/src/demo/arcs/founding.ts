import type { Account } from '../cast.js';
import { agent, days, hours, human, ref, refsOf, system, type Arc, type Scene, type Step } from '../step.js';

/** An account comes into the books, takes its place in the hierarchy and is enriched. */
export function accountOpened(scene: Scene, account: Account): Step[] {
  const entities = [ref('account', account.id)] as const;
  const { id, name, domain, parentId, industry, companySize } = account;
  const placed: Step[] =
    parentId === null
      ? []
      : [
          {
            type: 'account.parent_changed',
            after: hours(2),
            entities: [...entities, ref('account', parentId, 'parent')],
            actor: human(scene.rep),
            payload: { fromParentId: null, toParentId: parentId },
          },
        ];
  return [
    { type: 'account.added', after: 0, entities, actor: system('crm'), payload: { name, domain, source: 'import' } },
    ...placed,
    {
      type: 'enrichment.completed',
      after: 20,
      entities,
      actor: agent('enrichment-agent'),
      payload: {
        website: `https://${domain}`,
        industry,
        companySize,
        linkedinUrl: `https://social.example.com/company/${id}`,
        provider: 'page',
      },
    },
  ];
}

/** A person becomes a contact. */
export const contactJoins: Arc = ({ person, rng, rep }) => {
  const source = rng.pick(['form', 'import', 'referral']);
  return [
    {
      type: 'contact.added',
      after: 0,
      entities: refsOf(person),
      actor: system('crm'),
      payload: { name: person.name, email: person.email, source },
    },
    {
      type: 'contact.tagged',
      after: 5,
      entities: refsOf(person),
      actor: system('tagging-hook'),
      payload: { tag: rng.pick(['vip', 'newsletter', 'decision-maker']) },
    },
    {
      type: 'note.added',
      after: hours(3),
      entities: refsOf(person),
      actor: human(rep),
      payload: { text: `Prefers email over phone. Came to us by ${source}.`, pinned: rng.chance(0.3) },
    },
  ];
};

/** An account is bought by another and moves in the hierarchy. */
export const accountMoves: Arc = ({ company, rng, rep }) => {
  const account = rng.pick(company.accounts.slice(1));
  const parent = rng.pick(company.accounts.filter(({ id }) => id !== account.id));
  const { parentId } = account;
  const signal = { signalType: 'acquisition', strength: 0.9, source: 'news', description: `${account.name} joins ${parent.name}` };
  return [
    { type: 'signal.detected', after: 0, entities: [ref('account', account.id)], actor: system('signal-engine'), payload: signal },
    {
      type: 'account.parent_changed',
      after: days(1),
      entities: [
        ref('account', account.id),
        ref('account', parent.id, 'parent'),
        ...(parentId === null ? [] : [ref('account', parentId, 'previous_parent')]),
      ],
      actor: human(rep),
      payload: { fromParentId: parentId, toParentId: parent.id },
    },
    {
      type: 'account.parent_changed',
      after: days(2),
      entities: [ref('account', account.id), ref('account', parent.id, 'previous_parent')],
      actor: human(rep),
      payload: { fromParentId: parent.id, toParentId: null },
    },
  ];
};

/** A company nobody knew is put into the books, with the person who asked. */
export const newCustomer: Arc = (scene) => {
  const { rng, person, tag } = scene;
  const name = `${rng.pick(['North', 'South', 'Upper', 'Lower'])} ${rng.pick(['Orchard', 'Quarry', 'Harbour', 'Meadow'])} ${tag}`;
  const account = { ...person.account, id: `acc-${tag}`, name, domain: `acc-${tag}.example.com`, parentId: person.account.id };
  const newcomer = { id: `contact-${tag}`, name: 'Robin Vale', email: `robin@${account.domain}`, account };
  return [...accountOpened(scene, account), ...contactJoins({ ...scene, person: newcomer })];
};
