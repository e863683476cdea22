import { spawn } from 'node:child_process';

/** Waits for the end of its standard input, which is the end of the process that holds the other side. */
const SCRIPT = 'read -r _; kill -s "$1" "$2" && sleep 1 && kill -s KILL "$2"; [ -z "$3" ] || rm -rf "$3"';

/**
 * Ends `pid` when this process is gone, however it went: a SIGKILL, too, and a test runner that keeps exit hooks from running.
 * Then removes `folder`, if given. Returns the way to take it back.
 */
export function guardProcess(pid: number, signal: 'QUIT' | 'TERM' | 'KILL', folder = ''): () => void {
  // a group of its own: Ctrl-C must not end the guard before it has done its work
  const guard = spawn('sh', ['-c', SCRIPT, 'guard', signal, String(pid), folder], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  guard.on('error', () => undefined);
  guard.stdin.on('error', () => undefined);
  guard.unref();
  (guard.stdin as unknown as { unref(): void }).unref();
  return () => guard.kill('SIGKILL');
}
