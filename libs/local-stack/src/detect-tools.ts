import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PATIENCE_MS = 10_000;

export interface Tools {
  /** Major version of the `java` found, or null. */
  readonly java: number | null;
  readonly maven: boolean;
  /** An engine that answers, not merely the client. */
  readonly docker: boolean;
}

export const OLDEST_JAVA = 17;

/** The one sentence for a machine on which no Kafka can be started. */
export const NO_KAFKA_POSSIBLE =
  'Install Java 17+ and Maven (Debian: apt install openjdk-17-jre-headless maven; macOS: brew install openjdk maven) or Docker, or set KAFKA_BROKERS.';

/** What this machine has. Never throws. */
export async function detectTools(): Promise<Tools> {
  const [java, maven, docker] = await Promise.all([javaMajor(), hasMaven(), dockerAnswers()]);
  return { java, maven, docker };
}

/** `undefined` if a Kafka broker can be started here from the JVM, else a sentence that says what is missing. */
export function whyNoJvmKafka({ java, maven }: Pick<Tools, 'java' | 'maven'>): string | undefined {
  if (java === null) return `Java is missing. ${NO_KAFKA_POSSIBLE}`;
  if (java < OLDEST_JAVA) return `Java ${java} is too old. ${NO_KAFKA_POSSIBLE}`;
  return maven ? undefined : `Maven (mvn) is missing. ${NO_KAFKA_POSSIBLE}`;
}

/** Major version of `java` on the PATH (8 for "1.8"), or null. */
export async function javaMajor(): Promise<number | null> {
  const { stderr, stdout } = await run('java', ['-version'], { timeout: PATIENCE_MS }).catch(() => ({ stderr: '', stdout: '' }));
  const version = /version "(?:1\.)?(\d+)/.exec(stderr + stdout)?.[1];
  return version === undefined ? null : Number(version);
}

export async function hasMaven(): Promise<boolean> {
  return run('mvn', ['--version'], { timeout: 3 * PATIENCE_MS }).then(
    () => true,
    () => false,
  );
}

export async function dockerAnswers(): Promise<boolean> {
  return run('docker', ['version', '--format', '{{.Server.Version}}'], { timeout: PATIENCE_MS }).then(
    ({ stdout }) => stdout.trim() !== '',
    () => false,
  );
}
