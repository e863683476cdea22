import { OTHER_TENANT, TENANT } from '#libs/testing';
import { TenantWakes } from './tenant-wakes.js';

describe('a signal of change', () => {
  it('wakes those who wait for the tenant, and nobody after they left', () => {
    const wakes = new TenantWakes();
    const heard: string[] = [];
    const leave = wakes.subscribe(TENANT, () => heard.push('first'));
    wakes.subscribe(TENANT, () => heard.push('second'));
    wakes.subscribe(OTHER_TENANT, () => heard.push('other'));
    wakes.wake(new Map([[TENANT, 2n]]));
    leave();
    wakes.wake(new Map([[TENANT, 3n]]));
    expect(heard).toEqual(['first', 'second', 'second']);
  });

  it('wakes everybody when it does not know who grew', () => {
    const wakes = new TenantWakes();
    const heard: string[] = [];
    wakes.subscribe(TENANT, () => heard.push('one'));
    wakes.subscribe(OTHER_TENANT, () => heard.push('other'));
    wakes.wake(null);
    expect(heard).toEqual(['one', 'other']);
  });
});
