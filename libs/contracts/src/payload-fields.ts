import { type SchemaOptions, type StringOptions, type TSchema, type TUnsafe, Type } from '@sinclair/typebox';

/** Marks a schema as personal data of the person the event is about: never logged, measured or put into a message. */
export const PERSONAL = 'x-annals-pii';

export function personal<S extends TSchema>(schema: S): S {
  return { ...schema, [PERSONAL]: true };
}

export const text = (options: StringOptions = {}) => Type.String(options);
/** An identifier that other rows hang on: never empty. */
export const id = () => Type.String({ minLength: 1, maxLength: 255 });
export const texts = () => Type.Array(Type.String());
export const flag = () => Type.Boolean({ default: false });
export const count = () => Type.Integer({ minimum: 0 });
/** Absolute, with a scheme. */
export const url = () => Type.String({ format: 'uri' });
/** RFC 3339 with an offset. */
export const timestamp = () => Type.String({ format: 'date-time' });
/** Pattern of an amount as decimal text. */
export const DECIMAL_PATTERN = '^-?[0-9]{1,30}(\\.[0-9]{1,18})?$';
/** An amount of money as decimal text: a JSON number would lose cents. */
export const decimal = () => Type.String({ pattern: DECIMAL_PATTERN });
/** ISO 4217. */
export const currency = () => Type.String({ pattern: '^[A-Z]{3}$' });
export const timeZone = () => Type.String({ pattern: '^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$', maxLength: 64, description: 'IANA name' });
export const anyObject = () => Type.Record(Type.String(), Type.Unknown());

export function oneOf<const T extends readonly string[]>(...values: T): TUnsafe<T[number]> {
  return Type.Unsafe<T[number]>({ type: 'string', enum: values });
}
export function nullable<T extends 'string' | 'number'>(type: T, options: SchemaOptions = {}) {
  return Type.Unsafe<(T extends 'string' ? string : number) | null>({ ...options, type: [type, 'null'] });
}
