/** Settings for one small machine with several roles and pools. Without `durable` a crash may lose the cluster. */
export function postgresFlags(durable: boolean): string[] {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    timezone: 'UTC',
    shared_buffers: durable ? '512MB' : '128MB',
    max_wal_size: '4GB',
    // log files are kept and written over: each new one is first filled with zeros, 1 of 25 µs an event
    ...(durable && { min_wal_size: '1GB' }),
    random_page_cost: '1.1',
    // short statements: compiling them costs more than running them
    jit: 'off',
    ...(durable ? {} : NOT_DURABLE),
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

const NOT_DURABLE = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
