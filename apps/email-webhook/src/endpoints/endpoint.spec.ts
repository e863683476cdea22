import { readEndpoints } from './endpoint.js';

const tenant = '5B1F0A86-3c1d-4c2e-9d53-0f4a7e6b1c01';

describe('the file of endpoints', () => {
  it('is read, tenants in lower case', () => {
    const text = JSON.stringify([{ tenant, provider: 'mailgun', secrets: ['s'] }]);
    expect(readEndpoints(text)).toEqual({
      outcome: 'valid',
      endpoints: [{ tenant: tenant.toLowerCase(), provider: 'mailgun', secrets: ['s'], topicArns: [] }],
    });
  });

  it('is refused with every fault at once, and no value of it', () => {
    const text = JSON.stringify([
      { tenant: 'x', provider: 'sendgrid', publicKey: 'k' },
      { tenant, provider: 'postmark', user: 'secret-user' },
      { tenant, provider: 'ses' },
      { tenant, provider: 'svix' },
      { tenant, provider: 'other' },
      { tenant, provider: 'mailgun', secrets: ['s'], apiKey: 'secret-key' },
    ]);
    const read = readEndpoints(text);
    if (read.outcome === 'valid') throw new Error('valid');
    expect(read.faults).toHaveLength(6);
    expect(read.faults.join('\n')).not.toContain('secret-');
    expect(readEndpoints('[')).toEqual({ outcome: 'invalid', faults: ['the file is not JSON'] });
  });

  it('names an endpoint that is there twice', () => {
    const one = { tenant, provider: 'mailgun', secrets: ['s'] };
    expect(readEndpoints(JSON.stringify([one, { ...one, tenant: tenant.toLowerCase() }]))).toMatchObject({ outcome: 'invalid' });
  });
});
