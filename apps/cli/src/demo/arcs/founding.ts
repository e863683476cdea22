import type { Account } from '../cast.js';
import { newCompany, newPerson } from '../newcomers.js';
import { agent, days, hours, human, ref, refsOf, system, type Arc, type References, type Scene, type Step } from '../step.js';
import { mailOf, opened, visit } from './mail.js';

/** An account comes into the books, takes its place in the hierarchy and is enriched. */
export function accountOpened(scene: Scene, account: Account): Step[] {
  const entities = [ref('account', account.id)] as const;
  const { name, domain, parentId } = account;
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
    enriched(entities, account),
  ];
}

function enriched(entities: References, { domain, industry, companySize }: Account): Step {
  const linkedinUrl = `https://social.example.com/company/${domain.split('.')[0] ?? ''}`;
  const payload = { website: `https://${domain}`, industry, companySize, linkedinUrl, provider: 'dataset' };
  return { type: 'enrichment.completed', after: 2, entities, actor: agent('enrichment-agent'), payload };
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
    enriched(refsOf(person), person.account),
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

/** A company nobody knew is put into the books, with the person who asked; they are welcomed, and have a look. */
export const newCustomer: Arc = (scene) => {
  const { rng, tag, rep } = scene;
  const account = newCompany(rng, scene.person.account, tag);
  const person = newPerson(rng, account, tag);
  const theirs = { ...scene, person };
  const mail = mailOf(theirs, `Welcome, ${account.name}`);
  const welcome: Step = {
    ...{ type: 'email.sent', after: 10, entities: mail.entities, actor: human(rep) },
    payload: { ...mail.payload, threadId: mail.threadId, to: [person.email] },
  };
  return [...accountOpened(scene, account), ...contactJoins(theirs), welcome, opened(mail, hours(1)), visit(theirs, 'Documentation', 5)];
};
