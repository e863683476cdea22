// Stands in for psql where it is not installed: `psql <address>` with the statements on standard input.
import { text } from 'node:stream/consumers';
import pg from 'pg';

const client = new pg.Client({ connectionString: process.argv[2] });
await client.connect();
await client.query(await text(process.stdin));
await client.end();
