import pg from 'pg';
import { FUNCTIONS, POLICIES, PRIVILEGES, SCHEMAS, TABLES, TRIGGERS, TYPES, VIEWS } from './catalog-queries.js';

/** In the order in which a reader wants them. */
const SECTIONS: readonly (readonly [title: string, query: string])[] = [
  ['Schemas', SCHEMAS],
  ['Types', TYPES],
  ['Tables', TABLES],
  ['Views', VIEWS],
  ['Functions', FUNCTIONS],
  ['Triggers', TRIGGERS],
  ['Row-level security', POLICIES],
  ['Privileges', PRIVILEGES],
];

/**
 * The schema of a database as text, made from the catalog: the same for the same migrations, whoever the owner is. Committed as
 * libs/store/schema.sql, so that a change of the schema is seen in review. To be read, not to be run. Needs the owner.
 */
export async function dumpSchema(databaseUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    // every name is then written with its schema
    await client.query("set search_path = ''");
    let text = '-- The schema that the migrations of libs/store make. Generated: npm run generate\n';
    for (const [title, query] of SECTIONS) {
      const { rows } = await client.query<{ line: string }>(query);
      text += `\n-- ${title}\n\n${rows.map(({ line }) => line).join('\n')}\n`;
    }
    return text;
  } finally {
    await client.end();
  }
}
