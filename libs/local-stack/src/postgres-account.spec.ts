import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { howToRun } from './postgres-account.js';

const SOMEBODY = { uid: 54321, gid: 54321 };
const yes = () => Promise.resolve(true);
const no = () => Promise.resolve(false);

describe('the way to the data of PostgreSQL', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'annals-way-spec-'));
    await mkdir(join(root, 'home', '.data'), { recursive: true });
    await chmod(root, 0o711);
  });
  afterEach(() => rm(root, { recursive: true, force: true }));
  const way = () => [{ path: join(root, 'home', '.data', 'cluster'), remedy: 'set DATA_DIR' }];

  it('is free where others may enter', async () => {
    await chmod(join(root, 'home'), 0o711);
    expect(await howToRun(SOMEBODY, way(), no)).toEqual({ account: SOMEBODY, through: [] });
  });

  it('is made free by the one right to pass closed folders, where the system can lend it', async () => {
    await chmod(join(root, 'home'), 0o700);
    const { account, through } = await howToRun(SOMEBODY, way(), yes);
    expect(account).toBeUndefined();
    expect(through).toEqual(expect.arrayContaining(['--reuid=54321', '--ambient-caps=+dac_override']));
  });

  it('else names the folder that its account may not enter, and the remedy', async () => {
    await chmod(join(root, 'home'), 0o700);
    await expect(howToRun(SOMEBODY, way(), no)).rejects.toThrow(
      `may not enter ${join(root, 'home')}, on the way to ${join(root, 'home', '.data', 'cluster')}: set DATA_DIR`,
    );
  });

  it('is not asked about where no other account is used', async () => {
    expect(await howToRun(undefined, [{ path: join(root, 'missing', 'cluster'), remedy: '' }], no)).toEqual({
      account: undefined,
      through: [],
    });
  });
});
