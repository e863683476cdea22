import { BusProducer, type BusConfig } from '#libs/bus';
import type { TenantTypes } from '#libs/contracts';
import type { Logger } from '#libs/service';
import { Leader, listenAppended, type Database, type FailingTenants, type LedJob } from '#libs/store';
import { countsFolding } from './fold/fold-counts.js';
import { appendedRelay, type Publisher } from './relay/relay-appended.js';
import { awaitedRedrive } from './relay/redrive-awaited.js';
import { deadLetterRelay } from './relay/relay-dead-letters.js';

export interface FollowerOptions {
  readonly roles: readonly string[];
  readonly url: string;
  readonly database: Database;
  readonly types: TenantTypes;
  readonly failing: FailingTenants;
  readonly bus: BusConfig;
  readonly topicPrefix: string;
  readonly retentionDays: number;
  readonly logger: Logger;
}

export interface Followers {
  /** Dead letters wait for their copies, and perhaps for types that are known by now. */
  nudgeDeadLetters(): void;
  /** A type is known that was not before. */
  nudgeAwaited(): void;
  /** What is not done at the moment, by name, and why. */
  failures(): Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Starts what follows the log, as far as this process has the role. Rejects only when the database is away. */
export async function startFollowers(options: FollowerOptions): Promise<Followers> {
  const { roles, url, database, bus, topicPrefix, logger, retentionDays } = options;
  const lead = (job: LedJob) => new Leader(url, job, logger);
  const producer = new BusProducer({ config: bus, log: logger });
  const publisher: Publisher = { publish: (topic, messages) => producer.publish(topicPrefix + topic, messages) };
  const appended = roles.includes('relay') ? lead(appendedRelay(database, publisher)) : undefined;
  const deadLetters = roles.includes('relay') ? lead(deadLetterRelay(database, publisher, retentionDays)) : undefined;
  const redrive = roles.some((role) => role === 'append' || role === 'relay')
    ? lead(awaitedRedrive(database, options.types, topicPrefix, logger))
    : undefined;
  const counts = roles.includes('fold') ? lead(countsFolding(database, options.failing)) : undefined;
  const listener = appended && (await listenAppended(url, () => appended.nudge()));
  const leaders = [appended, deadLetters, redrive, counts];
  for (const leader of leaders) leader?.start();
  return {
    nudgeDeadLetters() {
      deadLetters?.nudge();
      redrive?.nudge();
    },
    nudgeAwaited: () => redrive?.nudge(),
    failures: () => Object.fromEntries(leaders.flatMap((leader) => (leader?.failure === undefined ? [] : [[leader.name, leader.failure]]))),
    async stop() {
      await Promise.all([listener?.close(), ...leaders.map((leader) => leader?.stop())]);
      await producer.close();
    },
  };
}
