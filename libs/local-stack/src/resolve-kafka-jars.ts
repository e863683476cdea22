import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { OnProgress } from './claim-folder.js';
import { hasMaven, javaMajor, whyNoJvmKafka } from './detect-tools.js';
import { endWithThisProcess } from './end-with-this-process.js';

export const KAFKA_VERSION = '4.3.1';

const POM = `<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>annals</groupId>
  <artifactId>local-kafka</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${KAFKA_VERSION}</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
`;

export interface KafkaJars {
  readonly classPath: string;
  /** Where this Java may keep its class-data archive of these jars. */
  readonly archive: string;
}

/** `ANNALS_CACHE_DIR`, else `annals` in the user's cache folder. */
export function defaultCacheDir(): string {
  return process.env.ANNALS_CACHE_DIR ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'annals');
}

/**
 * The broker's jars, resolved by Maven once per version into `cacheDir`; later calls need no Maven and no network.
 * Concurrent callers may both resolve, the first to finish wins. Throws one sentence where Java or Maven is missing or too old.
 */
export async function resolveKafkaJars(cacheDir: string, onProgress: OnProgress): Promise<KafkaJars> {
  const folder = join(cacheDir, `kafka-${KAFKA_VERSION}-${createHash('sha256').update(POM).digest('hex').slice(0, 8)}`);
  const jars = join(folder, 'jars');
  const java = await javaMajor();
  const missing = whyNoJvmKafka({ java, maven: existsSync(jars) || (await hasMaven()) });
  if (missing !== undefined) throw new Error(missing);
  if (!existsSync(jars)) await download(folder, jars, onProgress);
  const names = (await readdir(jars)).filter((name) => name.endsWith('.jar')).sort();
  return { classPath: names.map((name) => join(jars, name)).join(delimiter), archive: join(folder, `classes-java${java}.jsa`) };
}

async function download(folder: string, jars: string, onProgress: OnProgress): Promise<void> {
  onProgress(`Fetching Kafka ${KAFKA_VERSION} with Maven (44 MB, once)`);
  await mkdir(folder, { recursive: true });
  const fetching = await mkdtemp(join(folder, 'fetching-'));
  const pom = join(fetching, 'pom.xml');
  const target = join(fetching, 'jars');
  try {
    await writeFile(pom, POM);
    await maven(['-q', '-B', '-f', pom, 'dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${target}`]);
    await rename(target, jars).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(fetching, { recursive: true, force: true });
  }
}

function maven(args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('mvn', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const keep = endWithThisProcess(() => child.kill('SIGKILL'));
    let output = '';
    const collect = (chunk: Buffer): void => void (output = (output + chunk.toString()).slice(-2000));
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', reject);
    child.once('close', (code) => {
      keep();
      if (code === 0) resolve();
      else
        reject(
          new Error(
            `Maven could not fetch Kafka ${KAFKA_VERSION} (exit code ${code}); is there a way to a Maven repository?\n${output.trim()}`,
          ),
        );
    });
  });
}
