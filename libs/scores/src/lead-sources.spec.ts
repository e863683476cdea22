import fc from 'fast-check';
import { leadSources, type ContactLink, type ContactMerge } from './lead-sources.js';

const link = (contact: string, lead: string, since: number): ContactLink => ({ contact, lead, since: BigInt(since) });
const merge = (from: string, into: string, at: number, until: number | null = null): ContactMerge => {
  return { from, into, at: BigInt(at), until: until === null ? null : BigInt(until) };
};

/** `source → lead`, with the part of the log. */
function print(links: readonly ContactLink[], merges: readonly ContactMerge[]): string[] {
  const name = (of: { contact: string } | { lead: string }) => ('lead' in of ? of.lead : of.contact);
  return leadSources(links, merges)
    .map(({ of, lead, from, until }) => `${name(of)} → ${lead} ${from}–${until ?? ''}`)
    .sort();
}

const two = [link('a', 'l-a', 1), link('b', 'l-b', 2)];

describe('given contacts that are leads', () => {
  it('their events count for these, from when that was said', () => {
    expect(print(two, [])).toEqual(['a → l-a 1–', 'b → l-b 2–']);
  });

  it('when one is merged into another, then all of its events and its lead’s count for the other’s lead, and no longer for its own', () => {
    expect(print(two, [merge('a', 'b', 9)])).toEqual(['a → l-a 1–9', 'a → l-b 9–', 'b → l-b 2–', 'l-a → l-a 0–9', 'l-a → l-b 9–']);
  });

  it('when the merge is taken back, then both are as they were', () => {
    const taken = print(two, [merge('a', 'b', 9, 12)]);
    expect(taken).toEqual(['a → l-a 12–', 'a → l-a 1–9', 'a → l-b 9–12', 'b → l-b 2–', 'l-a → l-a 0–9', 'l-a → l-a 12–', 'l-a → l-b 9–12']);
    expect(print(two, [merge('a', 'b', 9, 9)])).toEqual(print(two, []));
  });

  it('when the one that stays is no lead, then the lead of the other goes on for both, until it is one', () => {
    expect(print([link('a', 'l-a', 1)], [merge('a', 'b', 9)])).toEqual(['a → l-a 1–', 'b → l-a 9–']);
    expect(print([link('a', 'l-a', 1), link('b', 'l-b', 11)], [merge('a', 'b', 9)])).toContain('l-a → l-b 11–');
  });

  it('when merges form a chain, then the last that stays counts it all', () => {
    const chain = print([...two, link('c', 'l-c', 3)], [merge('a', 'b', 9), merge('b', 'c', 10)]);
    expect(chain.filter((one) => one.endsWith('–'))).toEqual([
      'a → l-c 10–',
      'b → l-c 10–',
      'c → l-c 3–',
      'l-a → l-c 10–',
      'l-b → l-c 10–',
    ]);
  });

  it('when they are merged into each other, then the first merge holds', () => {
    expect(print(two, [merge('a', 'b', 9), merge('b', 'a', 10)])).toEqual(print(two, [merge('a', 'b', 9)]));
  });

  it('a lead of two contacts goes on while one of them has not gone', () => {
    const links = [link('a', 'l', 1), link('x', 'l', 1), link('b', 'l-b', 1)];
    expect(print(links, [merge('a', 'b', 9)])).toEqual(['a → l 1–9', 'a → l-b 9–', 'b → l-b 1–', 'x → l 1–']);
  });
});

describe('however contacts are merged', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd');
  const people = fc.record({
    links: fc.uniqueArray(
      fc.record({ contact: name, lead: fc.constantFrom('k', 'l', 'm'), since: fc.integer({ min: 1, max: 30 }).map(BigInt) }),
      { selector: ({ contact, lead }) => `${contact} ${lead}`, maxLength: 5 },
    ),
    merges: fc.uniqueArray(
      fc.record({ from: name, into: name, at: fc.integer({ min: 1, max: 30 }).map(BigInt), lasts: fc.option(fc.nat(20)) }),
      {
        selector: ({ at }) => at,
        maxLength: 6,
      },
    ),
  });
  const ended = ({ lasts, ...one }: { from: string; into: string; at: bigint; lasts: number | null }): ContactMerge => {
    return { ...one, until: lasts === null ? null : one.at + BigInt(lasts) };
  };

  it('what holds at a position follows from what stands up to it, in any order', () => {
    fc.assert(
      fc.property(people, fc.integer({ min: 0, max: 50 }), ({ links, merges }, n) => {
        const at = BigInt(n);
        const all = merges.map(ended);
        const holding = (sources: ReturnType<typeof leadSources>) =>
          sources
            .filter(({ of, lead, from, until }) => from <= at && (until === null || until > at) && !('lead' in of && of.lead === lead))
            .map(({ of, lead }) => JSON.stringify([of, lead]))
            .sort();
        const known = all
          .filter((one) => one.at <= at)
          .map((one) => ({ ...one, until: one.until !== null && one.until > at ? null : one.until }));
        expect(holding(leadSources(links, all))).toEqual(
          holding(leadSources(links.filter(({ since }) => since <= at).reverse(), known.reverse())),
        );
      }),
    );
  });

  it('the events of every lead count somewhere', () => {
    fc.assert(
      fc.property(people, fc.integer({ min: 0, max: 50 }), ({ links, merges }, n) => {
        const at = BigInt(n);
        const sources = leadSources(links, merges.map(ended));
        for (const { lead } of links) {
          const own = sources.filter(({ of }) => 'lead' in of && of.lead === lead);
          const holds = own.filter(({ from, until }) => from <= at && (until === null || until > at));
          expect(own.length === 0 || holds.length > 0).toBe(true);
        }
      }),
    );
  });
});
