export type * from './append/types.js';
export type * from './read/types.js';
export { connectionFor, STORE_ROLES, type StoreRole } from './connect/connection-for.js';
export { openDatabase, type Database, type DatabaseOptions } from './connect/open-database.js';
export { isUnlucky } from './connect/unlucky.js';
export { assertSchemaCurrent } from './migrations/assert-schema-current.js';
export { migrate } from './migrations/migrate.js';
export { prepareEvent } from './prepare/prepare-event.js';
