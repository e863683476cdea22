import { companyDomain } from './domain.js';

describe('the company behind a domain', () => {
  it.each([
    ['Example.COM', 'example.com'],
    ['https://www.example.co.uk/about?x=1', 'example.co.uk'],
    ['example.com.', 'example.com'],
  ])('of %s is %s', (text, domain) => expect(companyDomain(text)).toEqual({ outcome: 'company', domain }));

  it.each([null, '', '  '])('is none where the event tells none: %j', (text) => expect(companyDomain(text)).toEqual({ outcome: 'none' }));

  it('is none where it is a mailbox', () => expect(companyDomain('gmail.com')).toEqual({ outcome: 'mailbox' }));

  it.each([
    '127.0.0.1',
    'localhost',
    'http://[::1]/',
    'exa mple.com',
    '-a.com',
    'a..com',
    '0x7f.1',
    '2130706433',
    'user@evil',
    'x'.repeat(300),
  ])('is none that could be asked: %s', (text) => expect(companyDomain(text)).toEqual({ outcome: 'malformed' }));
});
