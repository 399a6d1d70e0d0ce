/** What an `error_description` may hold (RFC 6749, section 5.2), bounded. */
export const printable = (text: string): string => text.replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, "'").slice(0, 300)

/** A value of the request, to be named in an `error_description`. */
export const quoted = (value: string): string => `'${printable(value).slice(0, 200)}'`
