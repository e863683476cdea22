import { connectionFor, rolePassword } from './connection-for.js';

const OWNER = 'postgresql://postgres:s%40cret@db.example.com:5433/crm?sslmode=require';

describe('the connection of a role', () => {
  it('keeps host, database and options, and never the owner', () => {
    const url = new URL(connectionFor(OWNER, 'ingest'));
    expect([url.username, url.host, url.pathname, url.search]).toEqual([
      'annals_ingest',
      'db.example.com:5433',
      '/crm',
      '?sslmode=require',
    ]);
  });

  it('has a password that follows from the owner’s: the same everywhere, another for each role', () => {
    expect(new URL(connectionFor(OWNER, 'query')).password).toBe(rolePassword(OWNER, 'query'));
    expect(rolePassword(OWNER, 'query')).toMatch(/^[0-9a-f]{64}$/);
    expect(rolePassword(OWNER, 'query')).not.toBe(rolePassword(OWNER, 'ingest'));
    expect(rolePassword(OWNER.replace('s%40cret', 'other'), 'query')).not.toBe(rolePassword(OWNER, 'query'));
  });

  it('is the given one where its user already is a role of annals', () => {
    const given = 'postgresql://annals_query:own@db.example.com/crm';
    expect(connectionFor(given, 'query')).toBe(given);
    expect(connectionFor(given, 'ingest')).toBe(given);
  });

  it('has no password where the owner has none: that server trusts its clients', () => {
    expect(connectionFor('postgresql://postgres@localhost/crm', 'app')).toBe('postgresql://annals_app@localhost/crm');
  });
});
