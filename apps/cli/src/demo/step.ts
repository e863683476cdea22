import type { Actor, EntityRef, EventPayload, EventType } from '#libs/contracts';
import type { Company, Person } from './cast.js';
import type { Rng } from './rng.js';

/** One event of an arc, before it has a time; the type decides what the payload may be. */
export type Step = { readonly [T in EventType]: StepOf<T> }[EventType];

interface StepOf<T extends EventType> {
  readonly type: T;
  /** Minutes since the step before. */
  readonly after: number;
  /** Primary first. */
  readonly entities: References;
  readonly actor: Actor;
  /** A function where it depends on when the step happens or names steps before it. */
  readonly payload: EventPayload<T> | ((moment: Moment) => EventPayload<T>);
  /** Where it is not the program that events of this type come from. */
  readonly by?: Program;
}

/** Who tells of an event while the stack runs. */
export type Program = 'crm' | 'email-webhook' | 'enrichment-worker' | 'scoring-engine' | 'sequence-engine';

const PROGRAMS: Partial<Record<EventType, Program>> = {
  'email.opened': 'email-webhook',
  'email.clicked': 'email-webhook',
  'email.bounced': 'email-webhook',
  'email.received': 'email-webhook',
  'enrichment.completed': 'enrichment-worker',
  'lead.score_updated': 'scoring-engine',
  'nurture.enrolled': 'sequence-engine',
  'nurture.step_scheduled': 'sequence-engine',
  'nurture.step_executed': 'sequence-engine',
  'nurture.paused': 'sequence-engine',
  'nurture.resumed': 'sequence-engine',
  'nurture.exited': 'sequence-engine',
  'playbook.executed': 'sequence-engine',
};

/** The program that events of a type come from; everything else is the CRM's own to tell. */
export const programOf = (type: EventType): Program => PROGRAMS[type] ?? 'crm';

export interface Moment {
  readonly at: Date;
  /** Ids of the arc's steps before this one: events of the same source may be named by them. */
  readonly before: readonly string[];
}

export type References = readonly [EntityRef, ...EntityRef[]];

/** Where an arc plays and with whom. `tag` is unique per arc: ids made from it collide with nobody's. */
export interface Scene {
  readonly rng: Rng;
  readonly company: Company;
  readonly person: Person;
  /** Address of the member of staff who looks after the person. */
  readonly rep: string;
  readonly tag: string;
}

/** A short story of some steps. Reads nothing but its scene, so the same scene tells the same story. */
export type Arc = (scene: Scene) => readonly Step[];

export const system = (id: string): Actor => ({ type: 'system', id });
export const agent = (id: string, onBehalfOf?: string): Actor => ({ type: 'agent', id, ...(onBehalfOf && { onBehalfOf }) });
export const human = (address: string): Actor => ({ type: 'human', id: address });

export const ref = (type: string, id: string, role?: string): EntityRef => ({ type, id, ...(role && { role }) });
export const refsOf = (person: Person): [EntityRef, EntityRef] => [ref('contact', person.id), ref('account', person.account.id)];

const MINUTES_A_DAY = 1440;
export const hours = (n: number): number => n * 60;
export const days = (n: number): number => n * MINUTES_A_DAY;

/** ISO time so many minutes after `at`. */
export const later = (at: Date, minutes: number): string => new Date(at.getTime() + minutes * 60_000).toISOString();
