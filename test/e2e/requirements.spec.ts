import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = process.cwd();
const rows = readFileSync(join(root, 'docs/requirements.md'), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, id, state, tests] = /^\| (R\d\d) +\|.*?\| (shown|partly|later|elsewhere) +\| (.*?) *\|$/.exec(line) ?? [];
    return id === undefined || state === undefined ? [] : [{ id, state, tests: testsIn(tests ?? '') }];
  });

interface NamedTest {
  readonly file: string;
  readonly title: string;
}

function testsIn(cell: string): NamedTest[] {
  return cell.split('<br>').flatMap((part) => {
    const [, file, title] = /^`([^`]+)` › (.+)$/.exec(part) ?? [];
    return file === undefined || title === undefined ? [] : [{ file, title }];
  });
}

function stands({ file, title }: NamedTest): boolean {
  const path = join(root, file);
  return existsSync(path) && readFileSync(path, 'utf8').includes(title);
}

describe('the list of requirements', () => {
  it('has every requirement once, in order', () => {
    expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: 83 }, (_, n) => `R${String(n + 1).padStart(2, '0')}`));
  });

  it('names only tests that exist', () => {
    expect(rows.flatMap(({ id, tests }) => tests.filter((test) => !stands(test)).map((test) => ({ id, ...test })))).toEqual([]);
  });

  it('names a test for everything that it calls shown', () => {
    expect(rows.filter(({ state, tests }) => (state === 'shown' || state === 'partly') && tests.length === 0)).toEqual([]);
  });

  it('leaves to other systems what the README says is theirs', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    expect(rows.filter(({ state }) => state === 'elsewhere').map(({ id }) => id)).toEqual(['R57', 'R78']);
    expect(readme).toMatch(/It is not the Audit Log/);
    expect(readme).toContain('GET /repository/history/');
  });
});
