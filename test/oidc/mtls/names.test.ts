import { describe, expect, test } from 'vitest'
import { readCertificate } from '#src/oidc/mtls/header.ts'
import { bearsName } from '#src/oidc/mtls/subject.ts'
import { isTrusted, readBundle } from '#src/oidc/mtls/trust.ts'
import { type CertificateRequest, type Issued, issue, type Name } from './certificates.ts'

const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2'
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1'
const DAY_MS = 86_400_000
const at = (days: number) => new Date(Date.now() + days * DAY_MS)
const named = (cn: string): Name => [[['C', 'RU']], [['O', 'Ведомство']], [['CN', cn]]]

describe('a distinguished name', () => {
  const { certificate } = issue({
    subject: [
      [['C', 'RU']],
      [['O', 'Рога, "Копыта" + Ко']],
      [['OU', ' a\nCN=admin ']],
      [
        ['CN', 'client=x #1 '],
        ['UID', '7'],
      ],
    ],
  })
  const written = 'UID=7+CN=client\\=x #1\\ ,OU=\\ a\\0ACN=admin\\ ,O=Рога\\, \\"Копыта\\" \\+ Ко,C=RU'
  const bears = (dn: string) => bearsName(certificate, 'tls_client_auth_subject_dn', dn)

  test.each([
    ['as RFC 4514 writes it', written],
    ['with types in lower case', written.replace(/\b(UID|CN|OU|O|C)=/g, (type) => type.toLowerCase())],
    ['with types as numbers', written.replace('C=RU', '2.5.4.6=RU')],
    ['with spaces after commas', written.replaceAll(/(?<!\\),/g, ', ')],
    ['with bytes in hex', written.replace('Рога', [...Buffer.from('Рога')].map((b) => `\\${b.toString(16)}`).join(''))],
    ['with the parts of a name the other way round', written.replace(/^(UID=7)\+([^,]*)/, '$2+$1')],
  ])('is found %s', (_what, dn) => {
    expect(bears(dn)).toBe(true)
  })
  test.each([
    ['whose value is another', written.replace('UID=7', 'UID=8')],
    ['in another case', written.replace('RU', 'ru')],
    ['of which it is a part', written.replace(/,C=RU$/, '')],
    ['that is a part of it', `${written},DC=example`],
    [
      'in the order of the certificate',
      written
        .split(/(?<!\\),/)
        .reverse()
        .join(','),
    ],
    ['that one of its values looks like', 'CN=admin'],
    ['that is empty', ''],
    ['that is none', 'client'],
  ])('is not found in one %s', (_what, dn) => {
    expect(bears(dn)).toBe(false)
  })
})

describe('alternative names', () => {
  const { certificate } = issue({
    subject: named('cn.example'),
    san: [
      ['dns', 'client.example'],
      ['dns', '*.wild.example'],
      ['dns', 'trick, DNS:injected.example'],
      ['uri', 'https://client.example/a,b'],
      ['ip', '2001:db8::1'],
      ['ip', '192.0.2.7'],
      ['email', 'ops@client.example'],
    ],
  })
  test.each([
    ['tls_client_auth_san_dns', 'CLIENT.example', true],
    ['tls_client_auth_san_dns', 'cn.example', false],
    ['tls_client_auth_san_dns', 'a.wild.example', false],
    ['tls_client_auth_san_dns', 'injected.example', false],
    ['tls_client_auth_san_dns', 'client.example.evil.example', false],
    ['tls_client_auth_san_dns', 'https://client.example/a,b', false],
    ['tls_client_auth_san_uri', 'https://client.example/a,b', true],
    ['tls_client_auth_san_uri', 'https://client.example/a', false],
    ['tls_client_auth_san_ip', '2001:0db8:0::1', true],
    ['tls_client_auth_san_ip', '192.0.2.7', true],
    ['tls_client_auth_san_ip', '192.0.2.8', false],
    ['tls_client_auth_san_ip', 'client.example', false],
    ['tls_client_auth_san_email', 'ops@client.example', true],
    ['tls_client_auth_san_email', 'OPS@client.example', false],
  ] as const)('%s %s: %s', (property, expected, bears) => {
    expect(bearsName(certificate, property, expected)).toBe(bears)
  })
})

describe('a path', () => {
  const root = issue({ subject: named('Root'), ca: true })
  const middle = issue({ subject: named('Middle'), ca: true, issuer: root })
  const leaf = (request: Partial<CertificateRequest> = {}) =>
    issue({ subject: named('client'), issuer: middle, uses: [CLIENT_AUTH], ...request }).certificate
  const bundle = (...issued: Issued[]) => issued.map(({ certificate }) => certificate)

  test('is trusted up to a root, and up to what the operator lists alone', () => {
    expect(isTrusted(leaf(), bundle(root, middle), at(0))).toBe(true)
    expect(isTrusted(leaf(), bundle(middle), at(0))).toBe(true)
    expect(isTrusted(leaf({ uses: undefined as never }), bundle(root, middle), at(0))).toBe(true)
  })
  test.each([
    [
      'of nobody listed',
      () => leaf({ issuer: issue({ subject: named('Elsewhere'), ca: true }) }),
      bundle(root, middle),
    ],
    ['signed by itself', () => issue({ subject: named('client') }).certificate, bundle(root, middle)],
    ['of an unlisted middle', () => leaf(), bundle(root)],
    [
      'of a namesake with another key',
      () => leaf({ issuer: issue({ subject: named('Middle'), ca: true, issuer: root }) }),
      bundle(root, middle),
    ],
    [
      'of one that is no authority',
      () => leaf({ issuer: issue({ subject: named('Middle'), issuer: root }) }),
      bundle(root, middle),
    ],
    ['for servers only', () => leaf({ uses: [SERVER_AUTH] }), bundle(root, middle)],
    ['not yet valid', () => leaf({ from: at(1), to: at(2) }), bundle(root, middle)],
    ['no longer valid', () => leaf({ from: at(-3), to: at(-1) }), bundle(root, middle)],
  ])('is refused: %s', (_what, make, listed) => {
    expect(isTrusted(make(), listed, at(0))).toBe(false)
  })
  test('is refused when a certificate above has ended', () => {
    const oldRoot = issue({ subject: named('Old root'), ca: true, from: at(-9), to: at(-1) })
    const underOld = issue({ subject: named('Under old'), ca: true, issuer: oldRoot })
    const certificate = leaf({ issuer: underOld })
    expect(isTrusted(certificate, bundle(oldRoot, underOld), at(0))).toBe(false)
    expect(isTrusted(certificate, bundle(underOld), at(0))).toBe(true)
  })
  test('is no endless one where two authorities have signed each other', () => {
    expect(isTrusted(leaf({ issuer: root }), bundle(root, root), at(0))).toBe(true)
  })
  test('a bundle holds authorities only, and at least one', () => {
    expect(readBundle([root, middle].map(({ certificate }) => certificate.toString()).join(''))).toHaveLength(2)
    expect(() => readBundle(leaf().toString())).toThrow(/no certificate authority/)
    expect(() => readBundle('')).toThrow(/no certificate/)
  })
})

describe('a header', () => {
  const { certificate } = issue({ subject: named('client') })
  const pem = certificate.toString()
  const der = certificate.raw.toString('base64')
  test.each([
    ['PEM with URL encoding', encodeURIComponent(pem)],
    ['RFC 9440', `:${der}:`],
  ])('is read as %s', (_what, header) => {
    expect(readCertificate(header)?.fingerprint256).toBe(certificate.fingerprint256)
  })
  test.each([
    ['two certificates', encodeURIComponent(pem + pem)],
    ['two headers', `:${der}:, :${der}:`],
    ['bare base64', der],
    ['half of one', `:${der.slice(0, 100)}:`],
    ['something after it', encodeURIComponent(`${pem}x`)],
    ['broken encoding', '%zz'],
    ['nonsense', 'nonsense'],
    ['a NUL', '%00'],
  ])('is not read: %s', (_what, header) => {
    expect(readCertificate(header)).toBeUndefined()
  })
})
