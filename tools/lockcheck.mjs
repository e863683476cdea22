import { readFileSync } from 'node:fs';

/**
 * Holds the lock against two ways in which `npm ci` fails elsewhere: packages for other platforms that npm left out,
 * and addresses of the registry of whoever wrote it.
 */
const { packages } = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
const complaints = Object.entries(packages).flatMap(([path, entry]) => [...incomplete(path, entry), ...addressed(path, entry)]);

for (const complaint of complaints) console.error(complaint);
if (complaints.length > 0) console.error('Delete package-lock.json and node_modules, and run npm install.');
process.exitCode = complaints.length > 0 ? 1 : 0;

function incomplete(path, { optionalDependencies = {} }) {
  const missing = Object.keys(optionalDependencies).filter((name) => !resolvable(path, name));
  return missing.length > 0 ? [`${path || 'package.json'}: no entry for its optional ${missing.join(', ')}`] : [];
}

/** As Node looks it up: in the package itself, then in every folder above it. */
function resolvable(path, name) {
  const folders = path.split('/node_modules/');
  return (
    folders.some((_, depth) => {
      const above = folders.slice(0, folders.length - depth).join('/node_modules/');
      return packages[`${above}/node_modules/${name}`] !== undefined;
    }) || packages[`node_modules/${name}`] !== undefined
  );
}

function addressed(path, { resolved }) {
  return resolved === undefined || resolved.startsWith('file:') ? [] : [`${path}: holds the address ${resolved}`];
}
