import { X509Certificate } from 'node:crypto'

const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2'
const ANY_USE = '2.5.29.37.0'
const LONGEST_PATH = 8

/** The certificates in a PEM bundle. @throws Error when it holds none, or one that is malformed or not of a certificate authority */
export function readBundle(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  const certificates = blocks.map((block) => new X509Certificate(block))
  if (certificates.length === 0) throw new Error('no certificate in the bundle')
  const leaf = certificates.find(({ ca }) => !ca)
  if (leaf) throw new Error(`${leaf.subject.replaceAll('\n', ', ')} is no certificate authority`)
  return certificates
}

/**
 * Whether a client's certificate was issued by an authority of the bundle and is for client authentication. The path climbs as far as the
 * bundle reaches: its last certificate is trusted because the operator listed it, be it self-signed or not. Revocation is the business
 * of the proxy, which has the connection.
 * @param at every certificate of the path must be valid then
 */
export function isTrusted(leaf: X509Certificate, bundle: readonly X509Certificate[], at: Date): boolean {
  // Absent extended key usage allows every use (RFC 5280, section 4.2.1.12).
  const uses = leaf.keyUsage as readonly string[] | undefined
  if (uses && !uses.includes(CLIENT_AUTH) && !uses.includes(ANY_USE)) return false
  return isValid(leaf, at) && climbs(leaf, bundle, at, LONGEST_PATH)
}

function climbs(from: X509Certificate, bundle: readonly X509Certificate[], at: Date, left: number): boolean {
  const issuers = bundle.filter((issuer) => isIssuedBy(from, issuer))
  return issuers.some((issuer) => {
    if (left === 0 || !isValid(issuer, at)) return false
    const hasIssuer = bundle.some((other) => other !== issuer && isIssuedBy(issuer, other))
    return !hasIssuer || climbs(issuer, bundle, at, left - 1)
  })
}

/** Name, key identifier, right to sign certificates, and the signature itself. */
function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)
}

function isValid({ validFromDate, validToDate }: X509Certificate, at: Date): boolean {
  return validFromDate <= at && at <= validToDate
}
