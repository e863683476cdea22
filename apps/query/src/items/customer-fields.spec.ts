import { CUSTOMER_TYPES, eventDefinition } from '#libs/contracts';
import { CUSTOMER_FIELDS } from './customer-fields.js';

describe('what customers may read of a payload', () => {
  it('is said for every type they may see, and for no other', () => {
    expect(Object.keys(CUSTOMER_FIELDS).sort()).toEqual([...CUSTOMER_TYPES].sort());
  });

  it('is made of fields that the type has', () => {
    for (const [type, fields] of Object.entries(CUSTOMER_FIELDS)) {
      const known = Object.values(eventDefinition(type)?.versions ?? {}).flatMap((version) => Object.keys(version.payload.properties));
      expect(known).toEqual(expect.arrayContaining([...fields]));
    }
  });
});
