import fc from 'fast-check';
import { createTrackingLinks, type TrackedMail } from './index.js';

const mail: TrackedMail = {
  tenantId: '5b1f0c3e-0d5e-4c53-8a3e-0f4c5f3b9a11',
  messageId: 'm-1',
  entities: [
    { type: 'contact', id: 'contact-abc' },
    { type: 'account', id: 'acc-1' },
  ],
  subject: 'Your quote',
};
const links = createTrackingLinks('a secret of at least thirty-two bytes', 'https://mail.example.com/');
const tokenOf = (address: string): string => new URL(address).pathname.replace(/^\/t\/[oc]\//, '').replace(/\.gif$/, '');

describe('a tracking link', () => {
  it('gives back the message, and the target of a click', () => {
    expect(links.pixel(mail)).toMatch(/^https:\/\/mail\.example\.com\/t\/o\/[\w-]+\.gif$/);
    expect(links.openPixel(tokenOf(links.pixel(mail)))).toEqual(mail);
    expect(links.openClick(tokenOf(links.click(mail, 'https://example.com/pricing?x=1')))).toEqual({
      ...mail,
      url: 'https://example.com/pricing?x=1',
    });
  });

  it('says nothing to who reads it, and is another one every time', () => {
    expect(links.pixel(mail)).not.toBe(links.pixel(mail));
    expect(Buffer.from(tokenOf(links.pixel(mail)), 'base64url').toString('latin1')).not.toContain('contact');
  });

  it('leads nowhere when a byte of it is changed, or when it is of another kind or key', () => {
    const token = tokenOf(links.click(mail, 'https://example.com/'));
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom(...'abcXYZ019_-'), (at, other) => {
        fc.pre(token[at] !== other);
        const changed = token.slice(0, at) + other + token.slice(at + 1);
        // the last character of base64url holds bits that mean nothing
        return at === token.length - 1 || links.openClick(changed) === undefined;
      }),
    );
    expect(links.openPixel(token)).toBeUndefined();
    expect(createTrackingLinks('another secret of at least thirty-two bytes').openClick(token)).toBeUndefined();
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', '//example.com', 'ftp://example.com/'])('is not made for %s', (url) => {
    expect(() => links.click(mail, url)).toThrow('http or https');
  });
});
