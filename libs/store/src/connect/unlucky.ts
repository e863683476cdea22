const UNLUCKY_CODES = new Set([
  '40001', // serialization_failure
  '40P01', // deadlock_detected
  '55P03', // lock_not_available
  '57014', // query_canceled, statement_timeout
  '25P03', // idle_in_transaction_session_timeout
  '25P04', // transaction_timeout
  '55006', // object_in_use
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
/** Connection exceptions, insufficient resources (disk full, too many connections), operator intervention, system errors. */
const UNLUCKY_CLASSES = new Set(['08', '53', '57', '58']);
/** What pg says without a code. */
const UNLUCKY_MESSAGES =
  /connection terminated|connection ended|timeout exceeded when trying to connect|client has encountered a connection error|connection timeout|not queryable/i;

/** Whether the same work may succeed later without anyone changing anything: the database is away, full, or was busy. */
export function isUnlucky(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'string' && (UNLUCKY_CODES.has(code) || (code.length === 5 && UNLUCKY_CLASSES.has(code.slice(0, 2))))) return true;
  if (error instanceof AggregateError) return error.errors.some(isUnlucky);
  return UNLUCKY_MESSAGES.test(error.message) || (error.cause !== undefined && isUnlucky(error.cause));
}
