import fc from 'fast-check';
import { atWork } from './working-hours.js';

const moments = fc.date({ min: new Date('2020-01-01'), max: new Date('2035-01-01'), noInvalidDate: true });

describe('working hours', () => {
  it('lets a working moment stand, and moves a night or weekend on to the next morning', () => {
    expect(atWork(new Date('2026-03-18T09:12:13Z'))).toEqual(new Date('2026-03-18T09:12:13Z'));
    expect(atWork(new Date('2026-03-18T22:12:13Z'))).toEqual(new Date('2026-03-19T08:12:13Z'));
    expect(atWork(new Date('2026-03-20T18:00:00Z'))).toEqual(new Date('2026-03-23T08:00:00Z'));
  });

  it('never goes back, and never more than a weekend on', () => {
    fc.assert(
      fc.property(moments, (time) => {
        const moved = atWork(time).getTime() - time.getTime();
        expect(moved).toBeGreaterThanOrEqual(0);
        expect(moved).toBeLessThanOrEqual(62 * 3_600_000);
      }),
    );
  });
});
