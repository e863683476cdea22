import { formatTime, parseTime } from '../rfc3339.js';

export type Payload = Readonly<Record<string, unknown>>;
/** Formats a field, or `undefined` where it cannot. Free of locale, clock and time zone. */
export type Filter = (value: unknown, argument: number, payload: Payload, fields: readonly string[]) => string | undefined;

/** White space of ECMAScript, spelled out because every database has its own idea of it. */
export const WHITE_SPACE = '\\u0009-\\u000D\\u0020\\u00A0\\u1680\\u2000-\\u200A\\u2028\\u2029\\u202F\\u205F\\u3000\\uFEFF';
const SPACES = new RegExp(`[${WHITE_SPACE}]+`, 'g');

/** Decimal places by ISO 4217, where they are not two. */
const PLACES: Readonly<Record<string, number>> = Object.fromEntries([
  ...'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ').map((code) => [code, 0] as const),
  ...'BHD IQD JOD KWD LYD OMR TND'.split(' ').map((code) => [code, 3] as const),
  ...'CLF UYW'.split(' ').map((code) => [code, 4] as const),
]);
const DECIMAL = /^(-?)0*([0-9]+?)(?:\.([0-9]+))?$/;
const AUTHORITY = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]*)(?::[0-9]*)?([^?#]*)/i;

export const FILTERS: Readonly<Record<string, Filter>> = {
  /** White space folded, then so many code points and `…` for the rest. */
  excerpt: (value, limit) => (typeof value === 'string' ? excerpt(value, limit) : undefined),
  /** Seconds in the two largest units: `1 h 1 min`. */
  duration: (value) => (typeof value === 'number' && Number.isInteger(value) && value >= 0 ? duration(value) : undefined),
  /** With the payload's `currency`: `USD 12,500.00`. */
  money: (value, _, payload) => (typeof value === 'string' ? money(value, payload.currency) : undefined),
  host: (value) => nonEmpty(AUTHORITY.exec(String(value))?.[1]?.toLowerCase()),
  path: (value) => (AUTHORITY.test(String(value)) ? (nonEmpty(AUTHORITY.exec(String(value))?.[2]) ?? '/') : undefined),
  /** `2026-01-05 14:30 UTC`. */
  utcMinute: (value) => utcMinute(String(value)),
  /** The known keys that are present, in the order of the schema: `company size, industry`. */
  fieldNames: (_, __, payload, fields) => nonEmpty(presentFields(payload, fields).map(inWords).join(', ')),
};

export function presentFields(payload: Payload, fields: readonly string[]): string[] {
  return fields.filter((field) => Object.hasOwn(payload, field) && payload[field] !== null && payload[field] !== undefined);
}

/** `linkedinUrl`: `linkedin url`. */
export function inWords(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function excerpt(text: string, limit: number): string {
  const folded = text.replace(SPACES, ' ').replace(/^ | $/g, '');
  if (folded.length <= limit) return folded;
  const points = Array.from(folded);
  return points.length <= limit ? folded : `${points.slice(0, limit).join('')}…`;
}

function duration(seconds: number): string {
  const units = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const shown = units.filter(([count]) => count > 0).slice(0, 2);
  return shown.map(([count, unit]) => `${count} ${unit}`).join(' ') || '0 s';
}

/** At least the currency's places; more only where the amount has them, so that nothing is rounded away. */
function money(amount: string, currency: unknown): string | undefined {
  const [, sign = '', whole, written = ''] = DECIMAL.exec(amount) ?? [];
  if (whole === undefined) return undefined;
  const code = typeof currency === 'string' ? currency : undefined;
  const places = code === undefined ? written.length : (PLACES[code] ?? 2);
  const fraction = written.replace(/0+$/, '').padEnd(places, '0');
  const number = `${sign}${whole.replace(/\B(?=(?:[0-9]{3})+$)/g, ',')}${fraction === '' ? '' : `.${fraction}`}`;
  return code === undefined ? number : `${code} ${number}`;
}

function utcMinute(time: string): string | undefined {
  const micros = parseTime(time);
  return micros === undefined ? undefined : `${formatTime(micros).slice(0, 16).replace('T', ' ')} UTC`;
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
