/** No blanks, quotes, brackets, commas or control characters: nothing that could end a header or begin a second recipient. */
const ADDRESS =
  /^[^\s\p{Cc}\p{Cs}@"'<>()[\],;:\\]{1,64}@(?=.{1,253}$)[\p{L}\p{N}]([\p{L}\p{N}-]*[\p{L}\p{N}])?(\.[\p{L}\p{N}]([\p{L}\p{N}-]*[\p{L}\p{N}])?)+$/u;

/** Whether a text is one mailbox that a message can be sent to. Stricter than RFC 5322: what is rare and what is an attack look the same. */
export function isAddress(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 254 && ADDRESS.test(value);
}
