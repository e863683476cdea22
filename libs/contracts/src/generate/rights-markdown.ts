import { KAFKA_RIGHTS, type KafkaRight } from '../rights/kafka-rights.js';

const HEADING = ['user', 'resource', 'operations', 'for'];

/** The table of `docs/operating.md` and the commands that grant the same. */
export function rightsMarkdown(): string {
  const grants = KAFKA_RIGHTS.map(grantCommand).join('\n');
  return `${table([HEADING, ...KAFKA_RIGHTS.map(cellsOf)])}

\`\`\`sh
grant() { kafka-acls.sh --bootstrap-server broker:9092 --add --allow-principal "User:$1" "\${@:2}"; }
${grants}
\`\`\``;
}

function cellsOf({ user, kind, names, prefixed, operations, reason }: KafkaRight): string[] {
  const shown = names.map((name) => `\`${name}${prefixed ? '*' : ''}\``).join(', ');
  return [`\`${user}\``, `${kind}${names.length > 1 ? 's' : ''} ${shown}`, operations.join(', '), reason];
}

function grantCommand({ user, kind, names, prefixed, operations }: KafkaRight): string {
  const flags = [...operations.map((operation) => `--operation ${operation}`), ...names.map((name) => `--${kind} ${name}`)];
  return ['grant', user, ...flags, ...(prefixed ? ['--resource-pattern-type prefixed'] : [])].join(' ');
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = HEADING.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [heading = [], ...others] = rows;
  return [line(heading), line(widths.map((width) => '-'.repeat(width))), ...others.map(line)].join('\n');
}
