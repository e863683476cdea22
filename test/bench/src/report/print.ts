import type { Spread } from '../measure/spread.js';
import { FIGURES, meets, type Figure, type Figures } from './figures.js';

/** One thing measured several times, for the tables. */
export interface Row {
  readonly what: string;
  readonly rate: Spread;
  /** Microseconds of processor time per event or request. */
  readonly cpu?: Spread;
  readonly note?: string;
}

export interface Section {
  readonly title: string;
  /** What `rate` counts, for example `events/s`. */
  readonly unit: string;
  readonly rows: readonly Row[];
}

export function sectionText({ title, unit, rows }: Section): string {
  const head = ['', `${unit} min`, 'median', 'max', 'CPU µs min', 'median', 'max', ''];
  const lines = rows.map(({ what, rate, cpu, note }) => [what, ...spread(rate), ...(cpu ? spread(cpu) : ['', '', '']), note ?? '']);
  return `\n${title}\n${table([head, ...lines])}`;
}

export function figuresText(figures: Figures): string {
  const lines = FIGURES.flatMap((figure) => {
    const value = figures[figure.name];
    return value === undefined ? [] : [[figure.means, plain(value), floorText(figure), verdict(figure, value), figure.name]];
  });
  return `\nFigures (medians)\n${table([['', 'value', 'asked', '', 'name'], ...lines])}`;
}

/** The last line of standard output. */
export function figuresJson(figures: Figures): string {
  return JSON.stringify(Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, Number(value.toPrecision(4))])));
}

const spread = ({ min, median, max }: Spread): string[] => [min, median, max].map(plain);

function plain(value: number): string {
  if (value >= 1_000) return Math.round(value).toLocaleString('en-US');
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function floorText({ floor }: Figure): string {
  if (floor === undefined) return '';
  return 'atLeast' in floor ? `≥ ${floor.atLeast}` : `≤ ${floor.atMost}`;
}

function verdict(figure: Figure, value: number): string {
  const met = meets(figure, value);
  return met === undefined ? '' : met ? 'pass' : 'FALLS SHORT';
}

/** First and last column to the left, numbers to the right. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const cell = (text: string, column: number): string =>
    column === 0 || column === widths.length - 1 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0);
  return rows.map((row) => `  ${row.map(cell).join('  ').trimEnd()}\n`).join('');
}
