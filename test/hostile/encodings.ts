import { ScureBase32Plugin } from 'otplib'

const base32 = new ScureBase32Plugin()

/** The forms in which a text may stand in a dump without showing itself: each as the bytes to look for. */
export function encodingsOf(text: string): Map<string, Buffer> {
  const bytes = Buffer.from(text, 'utf8')
  const utf16 = Buffer.from(text, 'utf16le')
  const escaped = (digits: (hex: string) => string) =>
    Array.from(
      { length: text.length },
      (_, at) => `\\u${digits(text.charCodeAt(at).toString(16).padStart(4, '0'))}`,
    ).join('')
  const forms: [string, Buffer][] = [
    ['plain', bytes],
    ['utf-16 le', utf16],
    ['utf-16 be', Buffer.from(utf16).swap16()],
    ['hex', Buffer.from(bytes.toString('hex'))],
    ['HEX', Buffer.from(bytes.toString('hex').toUpperCase())],
    ['json', Buffer.from(JSON.stringify(text).slice(1, -1))],
    ['json \\u', Buffer.from(escaped((hex) => hex))],
    ['json \\U', Buffer.from(escaped((hex) => hex.toUpperCase()))],
    ['url', Buffer.from(encodeURIComponent(text))],
    ['form', Buffer.from(new URLSearchParams({ '': text }).toString().slice(1))],
  ]
  for (const alignment of [0, 1, 2]) {
    forms.push([`base64 +${alignment}`, Buffer.from(withoutEdges(bytes, alignment, 'base64'))])
    forms.push([`base64url +${alignment}`, Buffer.from(withoutEdges(bytes, alignment, 'base64url'))])
  }
  // What is itself base64url of random bytes may be stored as those bytes.
  if (/^[\w-]{32,}$/.test(text)) forms.push(['decoded', Buffer.from(text, 'base64url')])
  // Keys of apps are shown in Base32.
  if (/^[A-Z2-7]{32,}$/.test(text)) forms.push(['Base32 decoded', Buffer.from(base32.decode(text))])
  return new Map(forms)
}

/** The characters that stand for nothing but `bytes` when these begin `alignment` bytes into what is encoded. */
function withoutEdges(bytes: Buffer, alignment: number, encoding: 'base64' | 'base64url'): string {
  const encoded = Buffer.concat([Buffer.alloc(alignment), bytes]).toString(encoding)
  return encoded.slice(Math.ceil((alignment * 8) / 6), Math.floor(((alignment + bytes.length) * 8) / 6))
}

/** @returns `name (encoding)` for each secret that the haystack shows */
export function shownIn(haystack: Buffer, secrets: Readonly<Record<string, string>>): string[] {
  return Object.entries(secrets).flatMap(([name, secret]) => {
    if (secret === '') throw new Error(`${name} is empty: it would be found anywhere`)
    return [...encodingsOf(secret)].filter(([, form]) => haystack.includes(form)).map(([form]) => `${name} (${form})`)
  })
}
