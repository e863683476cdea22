import type { BusLog } from '#libs/bus';

const nothing = (): void => undefined;

/** For a command: what goes wrong is its error, everything else is noise. */
export const silent: BusLog = { debug: nothing, info: nothing, warn: nothing, error: nothing };
