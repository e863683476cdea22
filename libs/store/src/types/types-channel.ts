/** NOTIFY channel of every registration. The payload is the tenant. */
export const TYPES_CHANNEL = 'annals_types';
