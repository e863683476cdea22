import type { ConfigDefinition } from './define-config.js';
import type { Variable } from './variable.js';

interface Entry {
  readonly variable: Variable<unknown>;
  readonly apps: string[];
}

/** The text of `.env.example`: every variable once, with the apps that read it. Lines to fill in stand open, the rest commented out. */
export function envExample(definitions: readonly ConfigDefinition[]): string {
  const entries = new Map<string, Entry>();
  for (const { name: app, shape } of definitions)
    for (const [name, variable] of Object.entries(shape)) {
      const entry = entries.get(name);
      if (entry) entry.apps.push(app);
      else entries.set(name, { variable, apps: [app] });
    }
  const head = '# Generated from the configuration of the apps by `npm run generate`. `npm start` needs none of it.\n';
  return head + [...entries].map(([name, entry]) => paragraph(name, entry)).join('');
}

function paragraph(name: string, { variable, apps }: Entry): string {
  const traits = [`read by ${apps.join(', ')}`, ...(variable.required ? ['required'] : []), ...(variable.secret ? ['secret'] : [])];
  const assignment = `${name}=${variable.default ?? variable.example ?? ''}`;
  return `\n# ${variable.description} (${traits.join('; ')})\n${variable.required ? '' : '# '}${assignment}\n`;
}
