import { terms } from './terms.ts'

/** The environment of our side: production, behind a trusted proxy that names a new network for each visitor. */
export function environmentOf(bed: { readonly databaseUrl: string; readonly keyEncryptionKeys: string }) {
  return {
    MODE: 'production',
    ISSUER: terms.issuer,
    DATABASE_URL: bed.databaseUrl,
    KEY_ENCRYPTION_KEYS: bed.keyEncryptionKeys,
    TRUSTED_PROXIES: '127.0.0.1',
    SESSION_IDLE_SECONDS: String(terms.sessionSeconds.idle),
    SESSION_ABSOLUTE_SECONDS: String(terms.sessionSeconds.absolute),
    CONSENT_DAYS: String(terms.consentDays),
    IDENTITY_TRUST_FRAMEWORK: terms.trustFramework,
    SMS_GATEWAY_URL: 'https://sms.bench.example/messages',
    // Registrations of a day in a minute.
    CODES_PER_HOUR: '100000',
    CODES_PER_PREFIX_PER_HOUR: '100000',
    SMS_GATEWAY_TOKEN: 'never-used',
    SMTP_URL: 'smtps://mail.bench.example',
    MAIL_FROM: 'Propusk <no-reply@bench.example>',
  }
}
