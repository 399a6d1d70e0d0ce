import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { ConfigError, type Environment, loadConfig } from '#src/config/load.ts'

const key = (byte: number) => Buffer.alloc(32, byte).toString('base64')
const production = {
  ISSUER: 'https://id.example.org',
  DATABASE_URL: 'postgres://propusk:hunter2hunter2@db.internal/propusk',
  KEY_ENCRYPTION_KEYS: `k2:${key(2)},k1:${key(1)}`,
  SMS_GATEWAY_URL: 'https://sms.example.org/messages',
  SMS_GATEWAY_TOKEN: 'gateway-token-0001',
  SMTP_URL: 'smtps://propusk:mail-password@mail.example.org',
  MAIL_FROM: 'Propusk <no-reply@example.org>',
}

function faultsOf(environment: Environment): readonly string[] {
  try {
    loadConfig(environment)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
}

const named = (faults: readonly string[]) => faults.map((fault) => fault.split(':', 1)[0]).sort()

describe('mode', () => {
  test.each([
    [{}, 'sandbox'],
    [{ NODE_ENV: 'development' }, 'sandbox'],
    [{ MODE: 'sandbox', NODE_ENV: 'production' }, 'sandbox'],
    [{ MODE: 'sandbox', DATABASE_URL: production.DATABASE_URL }, 'sandbox'],
    [{ DATABASE_URL: '' }, 'sandbox'],
    [production, 'production'],
    [{ ...production, MODE: 'production' }, 'production'],
  ])('%o is %s', (environment, mode) => {
    expect(loadConfig(environment).mode).toBe(mode)
  })

  test.each(['DATABASE_URL', 'ISSUER', 'KEY_ENCRYPTION_KEYS'] as const)('%s alone means production', (name) => {
    expect(faultsOf({ [name]: production[name] })).toContainEqual(expect.stringMatching(/production needs it/))
  })

  test('NODE_ENV=production means production', () => {
    expect(named(faultsOf({ NODE_ENV: 'production' }))).toEqual(Object.keys(production).sort())
  })

  test('an unknown mode is a fault', () => {
    expect(faultsOf({ MODE: 'staging' })).toEqual(['MODE: "staging" is refused; it must be sandbox or production'])
  })
})

describe('the sandbox', () => {
  test('needs nothing', () => {
    expect(loadConfig({})).toMatchObject({
      issuer: 'http://localhost:3000',
      host: '127.0.0.1',
      port: 3000,
      database: { kind: 'pglite', folder: '.data/db' },
      keyEncryptionKeys: [],
      sms: undefined,
      mail: undefined,
      sandbox: { relyingPartyPort: 3001, outboxPort: 3003, folder: '.data' },
    })
  })

  test('its issuer follows the port', () => {
    expect(loadConfig({ PORT: '4000' }).issuer).toBe('http://localhost:4000')
  })

  test('runs on PostgreSQL when told so', () => {
    const { database } = loadConfig({ MODE: 'sandbox', DATABASE_URL: production.DATABASE_URL })
    expect(database.kind === 'postgres' && database.url.reveal()).toBe(production.DATABASE_URL)
  })

  test('two servers on one port are refused', () => {
    expect(named(faultsOf({ PORT: '3003' }))).toEqual(['SANDBOX_OUTBOX_PORT'])
    expect(
      loadConfig({ SANDBOX_RELYING_PARTY_ORIGINS: 'http://demo.test:3001', SANDBOX_OUTBOX_PORT: '4003' }).sandbox,
    ).toMatchObject({
      relyingPartyOrigins: ['http://demo.test:3001'],
      outboxOrigin: 'http://localhost:4003',
    })
  })
})

describe('production', () => {
  test.each(Object.keys(production))('refuses to start without %s', (name) => {
    expect(named(faultsOf({ ...production, MODE: 'production', [name]: undefined }))).toEqual([name])
  })

  test('refuses what belongs to the sandbox', () => {
    const sandbox = { SANDBOX_FOLDER: '.data', SANDBOX_RELYING_PARTY_PORT: '3001', SANDBOX_OUTBOX_PORT: '3003' }
    expect(named(faultsOf({ ...production, ...sandbox }))).toEqual(Object.keys(sandbox).sort())
    expect(loadConfig(production).sandbox).toBeUndefined()
  })

  test('keeps the order of the keys: the first wraps what is new', () => {
    expect(loadConfig(production).keyEncryptionKeys.map(({ id }) => id)).toEqual(['k2', 'k1'])
  })
})

test('related origins of passkeys need https in production', () => {
  const related = (origins: string) => ({ ...production, WEBAUTHN_RELATED_ORIGINS: origins })
  expect(named(faultsOf(related('https://a.example, http://b.example')))).toEqual(['WEBAUTHN_RELATED_ORIGINS'])
  expect(loadConfig(related('https://a.example')).webauthnRelatedOrigins).toEqual(['https://a.example'])
  expect(loadConfig({}).webauthnRelatedOrigins).toEqual([])
})

describe('client certificates', () => {
  test('are not taken unless a header is named', () => {
    expect(loadConfig({}).mtls).toBeUndefined()
  })
  test('need proxies to believe, and an origin with https', () => {
    expect(named(faultsOf({ MTLS_CERTIFICATE_HEADER: 'Client-Cert' }))).toEqual(['TRUSTED_PROXIES'])
    expect(named(faultsOf({ MTLS_ORIGIN: 'https://mtls.example' }))).toEqual(['MTLS_CERTIFICATE_HEADER'])
    const proxied = { ...production, TRUSTED_PROXIES: '10.0.0.1', MTLS_CERTIFICATE_HEADER: 'Client-Cert' }
    expect(named(faultsOf({ ...proxied, MTLS_ORIGIN: 'http://mtls.example' }))).toEqual(['MTLS_ORIGIN'])
    expect(loadConfig({ ...proxied, MTLS_ORIGIN: 'https://mtls.example' }).mtls).toEqual({
      header: 'Client-Cert',
      caFile: undefined,
      origin: 'https://mtls.example',
    })
  })
  test.each(['Client Cert', 'Client-Cert:', 'a\nb'])('refuse the header %j', (header) => {
    expect(named(faultsOf({ MTLS_CERTIFICATE_HEADER: header, TRUSTED_PROXIES: '::1' }))).toEqual([
      'MTLS_CERTIFICATE_HEADER',
    ])
  })
  test('refuse a bundle that is not there, or holds no authority', () => {
    const proxied = { MTLS_CERTIFICATE_HEADER: 'Client-Cert', TRUSTED_PROXIES: '::1' }
    for (const file of ['/nowhere.pem', import.meta.filename])
      expect(named(faultsOf({ ...proxied, MTLS_CA_FILE: file }))).toEqual(['MTLS_CA_FILE'])
  })
})

test('every fault is named at once, one per line, with what would be right', () => {
  const environment = {
    ISSUER: 'http://id.example.org/path',
    PORT: 'eighty',
    PASSWORD_MIN_LENGTH: '7',
    EMAIL_REQUIRED: 'maybe',
    SANDBOX_FOLDER: '.data',
  }
  expect(() => loadConfig(environment)).toThrow(ConfigError)
  const faults = faultsOf(environment)
  const missing = Object.keys(production).filter((name) => name !== 'ISSUER')
  expect(new Set(named(faults))).toEqual(new Set([...missing, ...Object.keys(environment)]))
  expect(faults).toContain('PORT: "eighty" is refused; it must be a whole number from 1 to 65535')
  for (const fault of faults) expect(fault).toMatch(/^[A-Z_]+: .+(must be|needs it|no place)/)
})

test.each<[string, string]>([
  ['ISSUER', 'http://id.example.org'],
  ['ISSUER', 'https://id.example.org/'],
  ['ISSUER', 'https://id.example.org?x'],
  ['ISSUER', 'https://ID.example.org'],
  ['ISSUER', 'https://id.example.org:443'],
  ['ISSUER', 'https://user@id.example.org'],
  ['PORT', '0'],
  ['PORT', '65536'],
  ['COUNTRY_TABLE_FILE', '/nowhere.mmdb'],
  ['COUNTRY_TABLE_FILE', import.meta.filename],
  ['TRUSTED_PROXIES', '10.0.0.0/33'],
  ['TRUSTED_PROXIES', 'proxy.internal'],
  ['KEY_ENCRYPTION_KEYS', `k1:${key(1)},k1:${key(2)}`],
  ['KEY_ENCRYPTION_KEYS', `k1:${Buffer.alloc(31).toString('base64')}`],
  ['KEY_ENCRYPTION_KEYS', key(1)],
  ['DATABASE_URL', 'mysql://db/propusk'],
  ['SMS_GATEWAY_URL', 'ftp://sms.example.org'],
  ['SMS_GATEWAY_URL', 'http://sms.example.org'],
  ['SMTP_URL', 'https://mail.example.org'],
  ['MAIL_FROM', 'no-reply@example.org\r\nBcc: x@example.org'],
  ['OUTBOUND_ORIGINS', 'http://10.1.2.3:8080/path'],
  ['BRAND_LINK_COLOUR', '#8a8a8a'],
  ['BRAND_HEADER_COLOUR', 'purple'],
  ['BRAND_FOCUS_COLOUR', '#12395b'],
  ['BRAND_MARK_FILE', '/nowhere/mark.svg'],
  ['SESSION_IDLE_SECONDS', '43201'],
  ['LOG_LEVEL', 'loud'],
])('%s=%s is refused', (name, value) => {
  expect(new Set(named(faultsOf({ ...production, [name]: value })))).toEqual(new Set([name]))
})

test('a session cannot be idle for longer than it lives', () => {
  expect(named(faultsOf({ SESSION_ABSOLUTE_SECONDS: '1800' }))).toEqual(['SESSION_IDLE_SECONDS'])
})

test('a gateway on http passes where its origin is listed', () => {
  const sms = { SMS_GATEWAY_URL: 'http://10.1.2.3:8080/send', OUTBOUND_ORIGINS: ' http://10.1.2.3:8080 ,' }
  expect(loadConfig({ ...production, ...sms }).outboundOrigins).toEqual(['http://10.1.2.3:8080'])
})

test('half a gateway is refused in the sandbox too', () => {
  expect(named(faultsOf({ SMTP_URL: production.SMTP_URL }))).toEqual(['MAIL_FROM'])
  expect(named(faultsOf({ SMS_GATEWAY_TOKEN: production.SMS_GATEWAY_TOKEN }))).toEqual(['SMS_GATEWAY_URL'])
})

test('letters need the print service, its token and a sender', () => {
  const url = 'https://print.example.org/letters'
  const token = { LETTER_GATEWAY_TOKEN: 'letter-token-0001' }
  const sender = { LETTER_SENDER: ' Удостоверяющий центр ; 101000, г. Приозёрск, а/я 15' }
  expect(named(faultsOf({ ...production, LETTER_GATEWAY_URL: url }))).toEqual(['LETTER_GATEWAY_TOKEN', 'LETTER_SENDER'])
  expect(named(faultsOf({ ...production, ...token }))).toEqual(['LETTER_GATEWAY_URL'])
  const plain = { ...production, ...token, ...sender, LETTER_GATEWAY_URL: 'http://print.example.org' }
  expect(named(faultsOf(plain))).toEqual(['LETTER_GATEWAY_URL'])
  for (const LETTER_SENDER of ['a;;b', 'a;b;c;d;e', 'a'.repeat(61)])
    expect(named(faultsOf({ ...production, LETTER_SENDER }))).toEqual(['LETTER_SENDER'])
  const { letters } = loadConfig({ ...production, ...token, ...sender, LETTER_GATEWAY_URL: url })
  expect(letters.sender).toEqual(['Удостоверяющий центр', '101000, г. Приозёрск, а/я 15'])
  expect(letters.gateway?.token.reveal()).toBe('letter-token-0001')
  expect(loadConfig(production).letters).toEqual({ gateway: undefined, sender: [] })
})

test('calls are nobody’s duty, but half a gateway of calls is refused in production too', () => {
  expect(loadConfig(production).voice).toBeUndefined()
  const url = 'https://voice.example.org/calls'
  const voice = { VOICE_GATEWAY_URL: url, VOICE_GATEWAY_TOKEN: 'voice-token-0001' }
  expect(loadConfig({ ...production, ...voice }).voice?.url).toBe(url)
  expect(named(faultsOf({ ...production, VOICE_GATEWAY_URL: url }))).toEqual(['VOICE_GATEWAY_TOKEN'])
  expect(named(faultsOf({ ...production, ...voice, VOICE_GATEWAY_URL: 'http://voice.example.org' }))).toEqual([
    'VOICE_GATEWAY_URL',
  ])
})

describe('secrets', () => {
  const secrets = ['hunter2hunter2', key(1), key(2), 'gateway-token-0001', 'mail-password']

  test('show in no print of the configuration', () => {
    const config = loadConfig(production)
    const printed = `${inspect(config, { depth: 9 })}${JSON.stringify(config)}`
    for (const secret of secrets) expect(printed).not.toContain(secret)
  })

  test.each([
    ['DATABASE_URL', 'mysql://propusk:hunter2hunter2@db/propusk', 'hunter2'],
    ['KEY_ENCRYPTION_KEYS', `k1:${key(1)}=`, key(1)],
    ['SMS_GATEWAY_TOKEN', 'gateway token', 'gateway token'],
    ['SMTP_URL', 'http://propusk:mail-password@mail.example.org', 'mail-password'],
  ])('a refused %s is not repeated', (name, value, secret) => {
    const message = faultsOf({ ...production, [name]: value }).join('\n')
    expect(message).toContain(name)
    expect(message).not.toContain(secret)
  })
})

test('the configuration is frozen all the way down', () => {
  const config = loadConfig(production)
  for (const part of [config, config.brand, config.codes, config.keyEncryptionKeys, config.keyEncryptionKeys[0]]) {
    expect(Object.isFrozen(part)).toBe(true)
  }
})

describe('what verified claims are told with', () => {
  test('is named after the issuer, so that nobody else has the same name', () => {
    expect(loadConfig(production).identity).toMatchObject({
      trustFramework: 'https://id.example.org/identifiers/trust_framework',
      verifierNames: {},
    })
    expect(loadConfig({ ...production, IDENTITY_TRUST_FRAMEWORK: 'ru_example' }).identity.trustFramework).toBe(
      'ru_example',
    )
  })
  test('has names of verifiers by their codes', () => {
    const IDENTITY_VERIFIERS = ' registry = Реестры; registry.snils=Фонд, Москва = Мск '
    expect(loadConfig({ ...production, IDENTITY_VERIFIERS }).identity.verifierNames).toEqual({
      registry: 'Реестры',
      'registry.snils': 'Фонд, Москва = Мск',
    })
  })
  test.each(['registry', 'registry=', '=Реестры', 'a=1;a=2', 'a=1;', 'a b=1', 'a=1\u0000', `a=${'x'.repeat(201)}`])(
    'refuses %j',
    (IDENTITY_VERIFIERS) => {
      expect(named(faultsOf({ ...production, IDENTITY_VERIFIERS }))).toEqual(['IDENTITY_VERIFIERS'])
    },
  )
})
