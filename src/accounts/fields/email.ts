import { domainToASCII } from 'node:url'
import { fieldErrors } from './errors.ts'
import { accepted, type Parsed, refused } from './parsed.ts'

/** RFC 5321 §4.5.3.1: 256 octets of path, two of which are the angle brackets. */
const LONGEST_ADDRESS = 254
const LONGEST_LOCAL_PART = 64
/** Dot-atom of RFC 5322 §3.2.3. Quoted local parts are legal and unused, and invite injection. */
const LOCAL_PART = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/
const TYPED_DOMAIN = /^[\p{L}\p{M}\p{N}.-]+$/u
const LABEL = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/

/**
 * Reads an e-mail address.
 * @returns it in lower case, an internationalised domain as A-labels (`xn--…`)
 */
export function parseEmail(input: string): Parsed<string> {
  const text = input.trim()
  if (text === '') return refused(fieldErrors.email_missing)
  if (text.length > LONGEST_ADDRESS) return refused(fieldErrors.email_too_long)
  const at = text.lastIndexOf('@')
  const local = text.slice(0, at)
  const domain = asciiDomain(text.slice(at + 1))
  if (at < 1 || !LOCAL_PART.test(local) || domain === undefined) return refused(fieldErrors.email_format)
  const address = `${local}@${domain}`.toLowerCase()
  const tooLong = local.length > LONGEST_LOCAL_PART || address.length > LONGEST_ADDRESS
  return tooLong ? refused(fieldErrors.email_too_long) : accepted(address)
}

function asciiDomain(typed: string): string | undefined {
  if (!TYPED_DOMAIN.test(typed)) return undefined
  const labels = domainToASCII(typed).split('.')
  // An address of a machine (127.0.0.1) is no mail domain, nor is a name without a dot.
  const valid = labels.length > 1 && labels.every((label) => LABEL.test(label)) && !/^\d+$/.test(labels.at(-1)!)
  return valid ? labels.join('.') : undefined
}

/** For people who know the address already: `i•••@example.ru`; tells nothing of the length. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@')
  return `${email.slice(0, 1)}•••${email.slice(at)}`
}
