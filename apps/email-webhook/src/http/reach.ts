import { isCertificateUrl, isSnsUrl } from '../providers/sns-message.js';

const LONGEST_MS = 5_000;
const LARGEST_PEM = 20_000;

/** Reads a certificate of SNS. Rejects for any other address, and follows none. */
export async function fetchPem(url: string): Promise<string> {
  if (!isCertificateUrl(url)) throw new Error('this is no address of a certificate of SNS');
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(LONGEST_MS) });
  const text = await response.text();
  if (!response.ok || text.length > LARGEST_PEM) throw new Error(`the certificate cannot be read: ${response.status}`);
  return text;
}

/** Tells SNS that this endpoint wants the topic. */
export async function confirmSubscription(url: string): Promise<void> {
  if (!isSnsUrl(url)) throw new Error('this is no address of SNS');
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(LONGEST_MS) });
  if (!response.ok) throw new Error(`the subscription could not be confirmed: ${response.status}`);
}
