import type { X509Certificate } from 'node:crypto'
import { BlockList, isIP } from 'node:net'

/** By which of its names a client registered its certificate; exactly one (RFC 8705, section 2.1.2). */
export type SubjectProperty =
  | 'tls_client_auth_subject_dn'
  | 'tls_client_auth_san_dns'
  | 'tls_client_auth_san_uri'
  | 'tls_client_auth_san_ip'
  | 'tls_client_auth_san_email'

const sanKinds = {
  tls_client_auth_san_dns: 'DNS',
  tls_client_auth_san_uri: 'URI',
  tls_client_auth_san_ip: 'IP Address',
  tls_client_auth_san_email: 'email',
} as const satisfies Partial<Record<SubjectProperty, string>>

/** Whether the certificate bears the registered name. Names are compared whole: no wildcards, no search in the common name. */
export function bearsName(certificate: X509Certificate, property: SubjectProperty, expected: string): boolean {
  if (property === 'tls_client_auth_subject_dn') {
    const registered = parseDn(expected)
    return registered !== undefined && registered.join('\n') === subjectOf(certificate)?.join('\n')
  }
  const kind = sanKinds[property]
  const names = alternativeNames(certificate.subjectAltName ?? '')
  return names.some((name) => name.kind === kind && sameName(kind, name.value, expected))
}

function sameName(kind: (typeof sanKinds)[keyof typeof sanKinds], actual: string, expected: string): boolean {
  if (kind === 'DNS') return actual.toLowerCase() === expected.toLowerCase()
  if (kind === 'IP Address') return sameAddress(actual, expected)
  return actual === expected
}

function sameAddress(actual: string, expected: string): boolean {
  const family = isIP(expected)
  if (family === 0 || isIP(actual) !== family) return false
  const one = new BlockList()
  one.addAddress(expected, family === 6 ? 'ipv6' : 'ipv4')
  return one.check(actual, family === 6 ? 'ipv6' : 'ipv4')
}

/** Node writes `DNS:a.example, URI:"…"`: a value with anything unusual in it stands in quotes, as a JSON string. */
function alternativeNames(text: string): { kind: string; value: string }[] {
  return [...text.matchAll(/([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^,]*)(?:, |$)/g)].map(([, kind, value]) => ({
    kind: kind!,
    value: value!.startsWith('"') ? (JSON.parse(value!) as string) : value!,
  }))
}

/** Node writes one relative name per line, the outermost first; a string of RFC 4514 begins with the innermost. */
function subjectOf({ subject }: X509Certificate): string[] | undefined {
  // An empty subject, of certificates that have alternative names only.
  if (!subject) return undefined
  const names = subject.split('\n').map((line) => relativeName(splitAt(line, ' + ')))
  return names.includes(undefined) ? undefined : (names as string[]).reverse()
}

/** @returns relative names in a spelling that compares, innermost first; undefined for what is no distinguished name */
function parseDn(text: string): string[] | undefined {
  const names = splitAt(text, ',').map((name) => relativeName(splitAt(name, '+')))
  return names.includes(undefined) ? undefined : (names as string[])
}

/** Attributes of one relative name are a set: their order does not count. */
function relativeName(attributes: readonly string[]): string | undefined {
  const spelled = attributes.map((attribute) => {
    const [, type, value] = /^\s*([A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+)=(.*)$/su.exec(attribute) ?? []
    return type === undefined ? undefined : `${typeName(type)}=${JSON.stringify(unescaped(value!))}`
  })
  return spelled.includes(undefined) ? undefined : spelled.sort().join('+')
}

/** Object identifiers that RFC 4514 or OpenSSL have a short name for. */
const typeNames: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.5': 'SERIALNUMBER',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'STREET',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.97': 'ORGANIZATIONIDENTIFIER',
  '1.2.840.113549.1.9.1': 'EMAILADDRESS',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.643.3.131.1.1': 'INN',
  '1.2.643.100.1': 'OGRN',
  '1.2.643.100.3': 'SNILS',
}

const typeName = (type: string) => typeNames[type] ?? type.toUpperCase()

/** Splits where the separator is not escaped. */
function splitAt(text: string, separator: string): string[] {
  const parts: string[] = []
  let start = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text.startsWith(separator, at)) {
      parts.push(text.slice(start, at))
      start = at + separator.length
      at = start - 1
    }
  }
  return [...parts, text.slice(start)]
}

/** `\2C` and `\,` are both a comma; bytes in hex are UTF-8 (RFC 4514, section 3). Unescaped spaces around a value do not count. */
function unescaped(value: string): string {
  const trimmed = value.replace(/^ +/, '').replace(/(\\.)? +$/, '$1')
  return trimmed.replace(/(?:\\[0-9A-Fa-f]{2})+|\\(.)/gsu, (sequence, single: string | undefined) =>
    single === undefined ? Buffer.from(sequence.replaceAll('\\', ''), 'hex').toString('utf8') : single,
  )
}
