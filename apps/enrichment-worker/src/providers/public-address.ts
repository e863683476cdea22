import { lookup as resolve, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { Refusal } from './provider.js';

/** Whether an address may be asked: a global unicast one. Private, loopback, link-local, reserved and mapped ones may not. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return parsed.range() === 'unicast';
}

export type AddressCheck = (address: string) => boolean;

/**
 * Resolves names for a connection and refuses those with any address that may not be asked. The connection goes to the very addresses
 * that were looked at: a name that changes its mind in between (DNS rebinding) changes nothing.
 */
export function guardedLookup(isAllowed: AddressCheck): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) return callback(error, '');
      const refused = addresses.length === 0 || addresses.some(({ address }) => !isAllowed(address));
      if (refused) return callback(new Refusal('the name leads to an address that is not public'), '');
      const [first] = addresses;
      return options.all === true ? callback(null, addresses) : callback(null, first?.address ?? '', first?.family);
    });
  };
}
