import { X509Certificate } from 'node:crypto'

const PEM = /^\s*-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*$/
/** A byte sequence of structured fields (RFC 9440, section 2.1; RFC 8941, section 3.3.5). */
const BYTES = /^:([A-Za-z0-9+/]+={0,2}):$/

/**
 * Reads a certificate as proxies hand it over: URL-encoded PEM (nginx) or DER in base64 between colons (RFC 9440).
 * @returns undefined for everything else, several certificates included
 */
export function readCertificate(header: string): X509Certificate | undefined {
  try {
    const bytes = BYTES.exec(header)?.[1]
    if (bytes !== undefined) return new X509Certificate(Buffer.from(bytes, 'base64'))
    const pem = decodeURIComponent(header)
    return PEM.test(pem) ? new X509Certificate(pem) : undefined
  } catch {
    return undefined
  }
}
