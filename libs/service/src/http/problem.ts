/** Media type of RFC 9457 documents. */
export const PROBLEM_CONTENT_TYPE = 'application/problem+json; charset=utf-8';

export interface FieldError {
  /** Name of the query parameter, path parameter, header or body field. */
  readonly field: string;
  readonly message: string;
}

/** An RFC 9457 problem document. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Malformed request',
  401: 'Authentication required',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  413: 'Request too large',
  414: 'Address too long',
  415: 'Unsupported media type',
  422: 'Request cannot be fulfilled as asked',
  431: 'Headers too large',
  500: 'Internal error',
  503: 'Temporarily unavailable',
};

const titleOf = (status: number): string => TITLES[status] ?? (status < 500 ? 'Request refused' : 'Internal error');

/** `type` is a slug that becomes `urn:annals:problem:<slug>`; without one it is `about:blank` and the status says it all. */
export function problem(parts: Omit<Problem, 'type' | 'title'> & { readonly type?: string; readonly title?: string }): Problem {
  const { type, title, ...rest } = parts;
  return { type: type === undefined ? 'about:blank' : `urn:annals:problem:${type}`, title: title ?? titleOf(parts.status), ...rest };
}
