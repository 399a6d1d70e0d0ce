import { ScureBase32Plugin } from 'otplib'

/** A hardware token as its maker describes it. */
export interface Seed {
  readonly serial: string
  readonly secret: Buffer
}

const LEAST_BYTES = 16
const base32 = new ScureBase32Plugin()

/**
 * Reads the seeds of OATH tokens: PSKC (RFC 6030) without encryption, or lines `serial,Base32 key`.
 * @throws Error naming the line or the token that is not one of ours: six digits by SHA-1, a new code every 30 seconds
 */
export function parseSeeds(text: string): Seed[] {
  const seeds = /^\s*</.test(text) ? fromPskc(text) : fromLines(text)
  if (seeds.length === 0) throw new Error('there is no token in this file')
  const twice = seeds.find(({ serial }, index) => seeds.findIndex((other) => other.serial === serial) !== index)
  if (twice) throw new Error(`token ${twice.serial} is in this file twice`)
  return seeds
}

/** As people read it from the back of a token. */
export function serialOf(typed: string): string {
  return typed.replace(/[\s\u00a0-]/g, '').toUpperCase()
}

function fromLines(text: string): Seed[] {
  const lines = text.split(/\r?\n/).map((line, index) => ({ line: line.trim(), number: index + 1 }))
  return lines
    .filter(({ line, number }) => line !== '' && !(number === 1 && /^serial\b/i.test(line)))
    .map(({ line, number }) => {
      const [serial = '', key = '', ...rest] = line.split(/[,;\t]/).map((cell) => cell.trim())
      if (rest.length > 0 || !/^[A-Z2-7]+=*$/i.test(key)) throw new Error(`line ${number}: expected serial,Base32 key`)
      return seedOf(serial, Buffer.from(base32.decode(key.replace(/=+$/, '').toUpperCase())), `line ${number}`)
    })
}

function fromPskc(text: string): Seed[] {
  return blocksOf(text, 'KeyPackage').map((block) => {
    const serial = textOf(block, 'SerialNo') ?? ''
    const what = `token ${serial || '?'}`
    if (blocksOf(block, 'EncryptedValue').length > 0) throw new Error(`${what}: encrypted seeds are not read`)
    if (!/Algorithm\s*=\s*"[^"]*:totp"/.test(block)) throw new Error(`${what}: not a token by time (TOTP)`)
    if (!/<(?:\w+:)?ResponseFormat\b[^>]*\bLength\s*=\s*"6"/.test(block)) throw new Error(`${what}: not six digits`)
    const suite = textOf(block, 'Suite')
    if (suite !== undefined && !/sha-?1$/i.test(suite)) throw new Error(`${what}: not by SHA-1`)
    const interval = plainValueOf(block, 'TimeInterval')
    if (interval !== undefined && interval !== '30') throw new Error(`${what}: not a code every 30 seconds`)
    return seedOf(serial, Buffer.from(plainValueOf(block, 'Secret') ?? '', 'base64'), what)
  })
}

function seedOf(serial: string, secret: Buffer, what: string): Seed {
  const plain = serialOf(serial)
  if (!/^[A-Z0-9]{4,40}$/.test(plain)) throw new Error(`${what}: a serial number has 4 to 40 letters and digits`)
  if (secret.length < LEAST_BYTES) throw new Error(`${what}: the key has less than ${LEAST_BYTES * 8} bits`)
  return { serial: plain, secret }
}

/** Elements of that name, whatever their namespace prefix, without what is around them. */
function blocksOf(xml: string, name: string): string[] {
  const element = new RegExp(`<(?:\\w+:)?${name}\\b[^>]*>([\\s\\S]*?)</(?:\\w+:)?${name}>`, 'g')
  return [...xml.matchAll(element)].map(([, inner]) => inner ?? '')
}

const textOf = (xml: string, name: string) => blocksOf(xml, name)[0]?.trim()

const plainValueOf = (xml: string, name: string) => textOf(textOf(xml, name) ?? '', 'PlainValue')
