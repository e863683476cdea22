import { DEMO_ACCOUNT, DEMO_CONTACT, DEMO_TENANT } from '../demo/cast.js';

export interface Tokens {
  readonly staff: string;
  readonly customer: string;
}

interface Invitation {
  readonly about: string;
  readonly curl: string;
}

const TIMELINE = `/api/v1/timelines/contact/${DEMO_CONTACT}?limit=5`;
const ACCOUNT_EMAIL = `/api/v1/timelines/account/${DEMO_ACCOUNT}?tab=email&limit=5`;
const CUSTOMER_PAGE = `/api/v1/timelines/contact/${DEMO_CONTACT}?limit=5`;
const HIERARCHY = `/api/v1/timelines/account/${DEMO_ACCOUNT}?tab=hierarchy&limit=5`;
const NOTIFICATIONS = '/api/v1/notifications?limit=5';
const ROLLUP = '/api/v1/rollups?by=type&granularity=week&limit=5';
const LIVE = '/api/v1/feed/stream';
const FEED = '/api/v1/feed?limit=5';
const BY_CUSTOMER = `/api/crm/activity/by-customer/contact/${DEMO_CONTACT}?page=1&pageSize=5`;

/** The pages the printed lines ask for: there is something on each before they are printed. */
export function demoPages(http: string, tokens: Tokens): { readonly url: string; readonly token: string }[] {
  const staff = [TIMELINE, ACCOUNT_EMAIL, HIERARCHY, FEED, NOTIFICATIONS, ROLLUP].map((path) => ({
    url: http + path,
    token: tokens.staff,
  }));
  return [...staff, { url: http + CUSTOMER_PAGE, token: tokens.customer }];
}

/** What a reader may try, each to be copied as it stands. Without a token (keys come from elsewhere) only what needs none. */
export function invitations(http: string, tokens: Tokens | undefined, eventId: string | undefined): Invitation[] {
  const health = { about: 'is everything well?', curl: `curl -s '${http}/health/ready'` };
  if (tokens === undefined) return [health];
  const get = (path: string, token: string, ...more: readonly string[]): string =>
    ['curl -s', ...[`Authorization: Bearer ${token}`, ...more].map((header) => `-H '${header}'`), `'${http}${path}'`].join(' ');
  const { staff, customer } = tokens;
  return [
    { about: "a contact's timeline, newest first", curl: get(TIMELINE, staff) },
    { about: 'the email tab of an account', curl: get(ACCOUNT_EMAIL, staff) },
    { about: 'the hierarchy tab: moves, and what happens at the accounts below', curl: get(HIERARCHY, staff) },
    { about: "the tenant's feed", curl: get(FEED, staff) },
    { about: 'what rules and mentions tell Jane', curl: get(NOTIFICATIONS, staff) },
    { about: 'the five types with most events, by week', curl: get(ROLLUP, staff) },
    { about: 'the same contact on the CRM activity path', curl: get(BY_CUSTOMER, staff, `orgid: ${DEMO_TENANT}`) },
    ...(eventId === undefined ? [] : [{ about: 'one event, whole', curl: get(`/api/v1/events/${eventId}`, staff) }]),
    { about: 'what the contact may see of its own timeline', curl: get(CUSTOMER_PAGE, customer) },
    health,
    { about: 'what happens from now on, until Ctrl-C', curl: get(LIVE, staff).replace('curl -s', 'curl -sN') },
  ];
}

/** The last lines of a start: plain, one line each, nothing to be cut off before copying. */
export function closingLines(http: string, tokens: Tokens | undefined, eventId: string | undefined): string[] {
  const named = tokens && [
    `Staff token (tenant ${DEMO_TENANT}):`,
    tokens.staff,
    `Customer token (contact/${DEMO_CONTACT} of that tenant):`,
    tokens.customer,
    '',
  ];
  return [
    '',
    `annals answers on ${http} (documentation: ${http}/api/docs)`,
    '',
    ...(named ?? ['Tokens come from the issuer behind JWKS_URL.', '']),
    ...invitations(http, tokens, eventId).flatMap(({ about, curl }) => [`# ${about}`, curl]),
    '',
    'Ctrl-C stops everything; what was stored is there again at the next start.',
  ];
}
