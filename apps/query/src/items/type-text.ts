import { iconOf, tabsOf } from '#libs/contracts';

const written = new Map<string, string>();

/** `"icon":…,"tabs":…` of a type; written once per type, of which there are few. */
export function iconAndTabs(type: string): string {
  const known = written.get(type);
  if (known !== undefined) return known;
  const text = `"icon":${JSON.stringify(iconOf(type))},"tabs":${JSON.stringify(tabsOf(type))}`;
  written.set(type, text);
  return text;
}
