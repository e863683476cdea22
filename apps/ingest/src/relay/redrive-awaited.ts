import type { TenantTypes } from '#libs/contracts';
import type { Logger } from '#libs/service';
import { awaitedAmong, isAnyTypeAwaited, redecode, redriveDeadLetters, type AwaitedType, type Database, type LedJob } from '#libs/store';

/**
 * Drives in what was refused for want of a type that its tenant has registered since. It looks at what waits and what is registered, not at who
 * said what when: a record that another process refused while it did not know of the registration yet is found the next time.
 */
export function awaitedRedrive(database: Database, types: TenantTypes, topicPrefix: string, logger: Logger): LedJob {
  return {
    name: 'redrive-awaited',
    // registrations and dead letters of this process wake it; this is for those of the others
    idleMs: 1_000,
    async act() {
      if (!(await isAnyTypeAwaited(database))) return false;
      for (const { tenantId, ...awaits } of await awaitedAmong(database, registeredIn(types))) {
        const options = { topicPrefix, nowMs: Date.now(), registry: types };
        const outcome = await redriveDeadLetters(database, { tenantId, awaits }, (letter) => redecode(letter, options));
        logger.info({ ...outcome, version: awaits.version }, 'drove in what waited for a type');
      }
      return false;
    },
  };
}

function registeredIn(types: TenantTypes): AwaitedType[] {
  return types
    .tenantIds()
    .flatMap((tenantId) =>
      types.own(tenantId).flatMap(({ type, aliases, newest }) => [type, ...aliases].map((name) => ({ tenantId, name, version: newest }))),
    );
}
