import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireWay } from './postgres-account.js';

const SOMEBODY = { uid: 54321, gid: 54321 };

describe('the way to the data of PostgreSQL', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'annals-way-spec-'));
    await mkdir(join(root, 'home', '.data'), { recursive: true });
    await chmod(root, 0o711);
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('names the folder that its account may not enter, and the remedy', async () => {
    await chmod(join(root, 'home'), 0o700);
    await expect(requireWay(join(root, 'home', '.data', 'cluster'), SOMEBODY, 'set DATA_DIR')).rejects.toThrow(
      `may not enter ${join(root, 'home')}, on the way to ${join(root, 'home', '.data', 'cluster')}: set DATA_DIR`,
    );
  });

  it('is free where others may enter', async () => {
    await chmod(join(root, 'home'), 0o711);
    await expect(requireWay(join(root, 'home', '.data', 'cluster'), SOMEBODY, 'set DATA_DIR')).resolves.toBeUndefined();
  });

  it('is not asked about where no other account is used', async () => {
    await expect(requireWay(join(root, 'missing', 'cluster'), undefined, '')).resolves.toBeUndefined();
  });
});
