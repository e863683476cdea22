import pg from 'pg';

export interface Leadership {
  /** Resolves when the lock is lost: the connection broke, another may lead now. */
  readonly lost: Promise<void>;
  /** Gives the lock back. */
  release(): Promise<void>;
}

/**
 * Tries to become the one process that does `name` for this database; null: another is. The lock lives as long as its own connection,
 * so a leader that dies is succeeded at once, and one that is cut off learns it by `lost`.
 */
export async function leaderLock(url: string, name: string): Promise<Leadership | null> {
  const client = new pg.Client({ connectionString: url, application_name: `annals ${name} leader`, keepAlive: true });
  const lost = new Promise<void>((resolve) => {
    client.on('error', () => resolve());
    client.on('end', () => resolve());
  });
  await client.connect();
  const { rows } = await client.query<{ got: boolean }>("select pg_try_advisory_lock(hashtextextended('annals ' || $1, 0)) as got", [name]);
  if (rows[0]?.got !== true) {
    await client.end();
    return null;
  }
  return { lost, release: () => client.end() };
}
