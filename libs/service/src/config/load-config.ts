import { parseConfig, type ConfigDefinition, type ConfigFault, type ConfigShape, type ConfigValues } from './define-config.js';

interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly print: (text: string) => void;
  readonly exit: (code: number) => never;
}

const theProcess: Surroundings = {
  env: process.env,
  print: (text) => process.stderr.write(text),
  exit: (code) => process.exit(code),
};

/** The app's configuration from `process.env`. With faults it prints all of them and leaves with exit code 1. */
export function loadConfigOrExit<S extends ConfigShape>(
  definition: ConfigDefinition<S>,
  around: Surroundings = theProcess,
): ConfigValues<S> {
  const parsed = parseConfig(definition, around.env);
  if (parsed.outcome === 'valid') {
    if (parsed.hints.length > 0) around.print(lines(parsed.hints));
    return parsed.values;
  }
  around.print(faultsMessage(definition, parsed.faults) + lines(parsed.hints));
  return around.exit(1);
}

/** All faults in one readable text, each with what the variable is for. */
export function faultsMessage(definition: ConfigDefinition, faults: readonly ConfigFault[]): string {
  const head = `annals ${definition.name} cannot start: ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'} in its configuration`;
  return lines([head, ...faults.map((fault) => `  ${fault.variable} ${fault.message}${about(definition, fault.variable)}`)]);
}

function about(definition: ConfigDefinition, name: string): string {
  const variable = definition.shape[name];
  if (variable === undefined) return '';
  const example = variable.example ?? variable.default;
  return ` (${variable.description}${example === undefined || variable.secret ? '' : `, for example ${example}`})`;
}

/** The values as they may be logged: secrets replaced, unset ones left out. */
export function describeConfig<S extends ConfigShape>(definition: ConfigDefinition<S>, values: ConfigValues<S>): Record<string, unknown> {
  const shown = Object.entries(definition.shape)
    .map(([name, variable]) => [name, values[name] !== undefined && variable.secret ? '[redacted]' : values[name]] as const)
    .filter(([, value]) => value !== undefined);
  return Object.fromEntries(shown);
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('');
}
