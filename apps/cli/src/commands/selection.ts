import { DEAD_LETTER_REASONS, type DeadLetterReason } from '#libs/contracts';
import type { DeadLetterSelection } from '#libs/store';
import { Failure } from '../failure.js';

/** Which dead letters, as it is written on the command line. */
export interface SelectionOptions {
  readonly topic?: string;
  readonly reason?: string;
  readonly tenant?: string;
  /** A moment, or a duration before now. */
  readonly before?: string;
  readonly redriven?: boolean;
}

export interface Coordinates {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000 };

/** `topic/partition/offset`, as the list prints it. */
export function coordinatesOf(text: string): Coordinates {
  const [, topic, partition, offset] = /^([\w.-]{1,249})\/(\d{1,9})\/(\d{1,18})$/.exec(text) ?? [];
  if (topic === undefined || partition === undefined || offset === undefined)
    throw new Failure(`A dead letter is named <topic>/<partition>/<offset>, like crm.web/0/1234, not ${text}.`, 2);
  return { topic, partition: Number(partition), offset: BigInt(offset) };
}

/** Throws {@link Failure} with what is wrong. */
export function selectionOf({ topic, reason, tenant, before, redriven }: SelectionOptions, now: Date): DeadLetterSelection {
  if (tenant !== undefined && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(tenant))
    throw new Failure(`--tenant must be a UUID, not ${tenant}.`, 2);
  return {
    ...(topic !== undefined && { topic }),
    ...(reason !== undefined && { reason: reasonOf(reason) }),
    ...(tenant !== undefined && { tenantId: tenant.toLowerCase() }),
    ...(before !== undefined && { before: momentOf(before, now) }),
    ...(redriven === true && { redriven }),
  };
}

/** For what changes or deletes: a selection of everything has to be asked for by name. */
export function narrowedSelectionOf(options: SelectionOptions & { readonly all?: boolean }, now: Date): DeadLetterSelection {
  const { topic, reason, tenant, before } = options;
  if (options.all !== true && [topic, reason, tenant, before].every((given) => given === undefined))
    throw new Failure('Say which: name them, or use --topic, --reason, --tenant, --before or --all.', 2);
  return selectionOf(options, now);
}

function reasonOf(text: string): DeadLetterReason {
  const reason = DEAD_LETTER_REASONS.find((known) => known === text);
  if (reason === undefined) throw new Failure(`There is no reason ${text}: it is one of ${DEAD_LETTER_REASONS.join(', ')}.`, 2);
  return reason;
}

function momentOf(text: string, now: Date): Date {
  const [, count, unit = ''] = /^(\d{1,5})([hd])$/.exec(text) ?? [];
  const moment = count === undefined ? new Date(text) : new Date(now.getTime() - Number(count) * (UNIT_MS[unit] ?? 0));
  if (Number.isNaN(moment.getTime())) throw new Failure(`--before must be a time like 2026-01-31T00:00:00Z, or an age like 12h or 30d.`, 2);
  return moment;
}
