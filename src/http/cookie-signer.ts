import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto'

/** What Koa's cookies want of a signer; keygrip's shape. */
export interface CookieSigner {
  sign(data: string): string
  verify(data: string, signature: string): boolean
  /** Which key signed; −1 for none. Koa signs anew what another than the first did. */
  index(data: string, signature: string): number
}

/**
 * Signs cookies as keygrip does (HMAC-SHA-1, base64url), with keys that are imported once and one digest per comparison in place of three.
 * @param keys the first one signs, all of them verify
 */
export function makeCookieSigner(keys: readonly [string, ...string[]]): CookieSigner {
  const imported = keys.map((key) => createSecretKey(key, 'utf8'))
  const signed = (data: string, key = imported[0]!) => createHmac('sha1', key).update(data).digest('base64url')
  const matches = (a: Buffer, b: Buffer) => a.length === b.length && timingSafeEqual(a, b)
  const index = (data: string, signature: string) => {
    const given = Buffer.from(signature)
    return imported.findIndex((key) => matches(Buffer.from(signed(data, key)), given))
  }
  return { sign: (data) => signed(data), verify: (data, signature) => index(data, signature) !== -1, index }
}
