import fc from 'fast-check';
import { factsOf } from './page-facts.js';

const PAGE = `<!doctype html><html><head><title> Larkfield
  Robotics </title><meta name="description" content="Arms for &amp; by people"><meta property="og:site_name" content="Larkfield">
<script type="application/ld+json">{"@graph":[{"@type":"WebPage"},{"@type":["Organization"],"name":"Larkfield","numberOfEmployees":{"@type":"QuantitativeValue","minValue":11,"maxValue":50},"industry":"Robotics"}]}</script>
</head><body><a href="https://example.com/x">x</a><a href="https://www.linkedin.com/company/larkfield-robotics/">in</a></body></html>`;

describe('the facts of a page', () => {
  it('are what it says of its company', () => {
    expect(factsOf(PAGE, 'https://larkfield.example.com/')).toEqual({
      website: 'https://larkfield.example.com/',
      siteName: 'Larkfield',
      description: 'Arms for & by people',
      industry: 'Robotics',
      companySize: '11-50',
      linkedinUrl: 'https://www.linkedin.com/company/larkfield-robotics/',
    });
  });

  it('are none where the page says nothing', () => {
    expect(factsOf('<html><body>hello</body></html>', 'https://example.com/')).toEqual({});
  });

  it('are bounded, whatever stands there', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (title, json) => {
        const facts = factsOf(`<title>${title}</title><script type="application/ld+json">${json}</script>`, 'https://example.com/');
        return Object.values(facts).every((value) => value !== undefined && value.length <= 300);
      }),
    );
    expect(factsOf(`<title>${'x'.repeat(5_000)}</title>`, 'https://example.com/').siteName).toHaveLength(300);
  });
});
