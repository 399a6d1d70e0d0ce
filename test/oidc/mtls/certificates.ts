import { generateKeyPairSync, type KeyObject, randomBytes, sign, X509Certificate } from 'node:crypto'
import { isIPv4 } from 'node:net'

/** Relative names from the outermost, each with its attributes as [type, value]: `[[['C', 'RU']], [['CN', 'a'], ['UID', '7']]]`. */
export type Name = readonly (readonly (readonly [string, string])[])[]

export interface CertificateRequest {
  readonly subject: Name
  /** Who signs; itself unless given. */
  readonly issuer?: Issued
  readonly ca?: boolean
  /** Alternative names as [kind, value]. */
  readonly san?: readonly (readonly ['dns' | 'uri' | 'ip' | 'email', string])[]
  /** Extended key usages, as object identifiers. */
  readonly uses?: readonly string[]
  readonly from?: Date
  readonly to?: Date
}

export interface Issued {
  readonly certificate: X509Certificate
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  readonly name: Name
}

const DAY_MS = 86_400_000
const ECDSA_SHA256 = '1.2.840.10045.4.3.2'

const types: Readonly<Record<string, string>> = {
  C: '2.5.4.6',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  CN: '2.5.4.3',
  UID: '0.9.2342.19200300.100.1.1',
}

/** Makes an X.509 certificate with a fresh P-256 key: Node reads certificates and makes none. */
export function issue(request: CertificateRequest): Issued {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { issuer, subject } = request
  const algorithm = sequence(oid(ECDSA_SHA256))
  const now = Date.now()
  const body = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm,
    nameOf(issuer?.name ?? subject),
    sequence(time(request.from ?? new Date(now - DAY_MS)), time(request.to ?? new Date(now + 30 * DAY_MS))),
    nameOf(subject),
    publicKey.export({ format: 'der', type: 'spki' }),
    tagged(0xa3, sequence(...extensions(request))),
  )
  const signature = sign('sha256', body, issuer?.privateKey ?? privateKey)
  const der = sequence(body, algorithm, tagged(0x03, Buffer.concat([Buffer.from([0]), signature])))
  return { certificate: new X509Certificate(der), privateKey, publicKey, name: subject }
}

function extensions({ ca = false, san, uses }: CertificateRequest): Buffer[] {
  const list = [extension('2.5.29.19', sequence(...(ca ? [tagged(0x01, Buffer.from([0xff]))] : [])))]
  if (uses) list.push(extension('2.5.29.37', sequence(...uses.map(oid))))
  if (san) list.push(extension('2.5.29.17', sequence(...san.map(([kind, value]) => alternative(kind, value)))))
  return list
}

const extension = (id: string, value: Buffer) => sequence(oid(id), tagged(0x04, value))

function alternative(kind: 'dns' | 'uri' | 'ip' | 'email', value: string): Buffer {
  if (kind === 'ip') return tagged(0x87, addressBytes(value))
  return tagged({ dns: 0x82, uri: 0x86, email: 0x81 }[kind], Buffer.from(value))
}

function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number))
  const [head = '', tail = ''] = address.split('::')
  const groups = (text: string) => (text === '' ? [] : text.split(':'))
  const zeros = Array<string>(8 - groups(head).length - groups(tail).length).fill('0')
  const all = [...groups(head), ...zeros, ...groups(tail)]
  return Buffer.concat(all.map((group) => Buffer.from(group.padStart(4, '0'), 'hex')))
}

const nameOf = (name: Name) =>
  sequence(
    ...name.map((attributes) =>
      tagged(0x31, Buffer.concat(attributes.map(([type, value]) => sequence(oid(types[type] ?? type), text(value))))),
    ),
  )

const text = (value: string) => tagged(0x0c, Buffer.from(value))
const sequence = (...parts: readonly Buffer[]) => tagged(0x30, Buffer.concat(parts))
const integer = (bytes: Buffer) => tagged(0x02, bytes)
const time = (at: Date) => tagged(0x18, Buffer.from(`${at.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`))

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const arcs = [first * 40 + second, ...rest].flatMap((arc) => {
    const septets = [arc & 0x7f]
    for (let left = arc >>> 7; left > 0; left >>>= 7) septets.unshift((left & 0x7f) | 0x80)
    return septets
  })
  return tagged(0x06, Buffer.from(arcs))
}

function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}
