import { type ByRealm, type Realm, realms } from '#src/kernel/realms.ts'
import type { Config, PasswordConfig } from './config.ts'
import type { Variable } from './variable.ts'
import { type Values, type VariableName, variables } from './variables.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** Everything that is wrong with the environment, one line each: the variable, what is wrong, what would be right. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly faults: readonly string[]

  constructor(faults: readonly string[]) {
    super(faults.join('\n'))
    this.faults = faults
  }
}

const CONNECT_TIMEOUT_MS = 5_000
const SHOWN_CHARACTERS = 60
const REQUIRED_IN_PRODUCTION = [
  'DATABASE_URL',
  'ISSUER',
  'KEY_ENCRYPTION_KEYS',
  'SMS_GATEWAY_URL',
  'SMS_GATEWAY_TOKEN',
  'SMTP_URL',
  'MAIL_FROM',
] as const satisfies readonly VariableName[]
const SANDBOX_ONLY = [
  'SANDBOX_FOLDER',
  'SANDBOX_RELYING_PARTY_PORT',
  'SANDBOX_OUTBOX_PORT',
  'SANDBOX_RELYING_PARTY_ORIGINS',
  'SANDBOX_OUTBOX_ORIGIN',
] as const satisfies readonly VariableName[]

/**
 * Reads and checks the whole environment; an empty variable counts as unset.
 * @returns a frozen configuration, frozen all the way down
 * @throws ConfigError with every fault at once; no secret's value is in it
 */
export function loadConfig(environment: Environment): Config {
  const given = (name: string) => environment[name] || undefined
  const faults: string[] = []
  const values = readValues(given, faults)
  const mode = values.MODE ?? impliedMode(given)
  faults.push(
    ...(mode === 'production' ? productionFaults(given) : sandboxFaults(values)),
    ...pairFaults(mode, given, values),
  )
  if (faults.length > 0) throw new ConfigError(faults)
  return deepFreeze(assemble(mode, values))
}

type Given = (name: string) => string | undefined

function readValues(given: Given, faults: string[]): Values {
  const values: Record<string, unknown> = {}
  for (const [name, variable] of Object.entries<Variable>(variables)) {
    const text = given(name) ?? variable.default
    if (text === undefined) continue
    const parsed = variable.parser.safeParse(text)
    if (parsed.success) values[name] = parsed.data
    else faults.push(`${name}: ${shown(text, variable)} is refused; it must be ${parsed.error.issues[0]?.message}`)
  }
  return values as Values
}

function shown(text: string, { secret }: Variable): string {
  if (secret) return 'the value (not shown)'
  return JSON.stringify(text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text)
}

function impliedMode(given: Given): Config['mode'] {
  const real = given('DATABASE_URL') ?? given('ISSUER') ?? given('KEY_ENCRYPTION_KEYS')
  return real !== undefined || given('NODE_ENV') === 'production' ? 'production' : 'sandbox'
}

function productionFaults(given: Given): string[] {
  const missing = REQUIRED_IN_PRODUCTION.filter((name) => given(name) === undefined).map(
    (name) => `${name}: is missing; production needs it, for example ${variables[name].example}`,
  )
  const plain = given('ISSUER')?.startsWith('http://')
    ? ['ISSUER: is http; in production it must be https, or MODE must be sandbox']
    : []
  const misplaced = SANDBOX_ONLY.filter((name) => given(name) !== undefined).map(
    (name) => `${name}: has no place in production; unset it, or set MODE=sandbox`,
  )
  return [...missing, ...plain, ...misplaced]
}

function sandboxFaults({ PORT, WORKERS, SANDBOX_RELYING_PARTY_PORT, SANDBOX_OUTBOX_PORT }: Values): string[] {
  const ports = { PORT, SANDBOX_RELYING_PARTY_PORT, SANDBOX_OUTBOX_PORT }
  const taken = new Map<number, string>()
  const faults: string[] = []
  if (WORKERS > 1) faults.push('WORKERS: must be 1 in the sandbox, whose outbox and demo live in one process')
  for (const [name, port] of Object.entries(ports)) {
    if (port === undefined) continue
    const other = taken.get(port)
    if (other) faults.push(`${name}: ${port} is already taken by ${other}; it must be another port`)
    taken.set(port, name)
  }
  return faults
}

/** What is wrong between two variables, each of which is right by itself. */
function pairFaults(mode: Config['mode'], given: Given, values: Values): string[] {
  const faults: string[] = []
  const halves = [
    ['SMS_GATEWAY_URL', 'SMS_GATEWAY_TOKEN'],
    ['SMS_GATEWAY_TOKEN', 'SMS_GATEWAY_URL'],
    ['VOICE_GATEWAY_URL', 'VOICE_GATEWAY_TOKEN'],
    ['VOICE_GATEWAY_TOKEN', 'VOICE_GATEWAY_URL'],
    ['LETTER_GATEWAY_URL', 'LETTER_GATEWAY_TOKEN'],
    ['LETTER_GATEWAY_URL', 'LETTER_SENDER'],
    ['LETTER_GATEWAY_TOKEN', 'LETTER_GATEWAY_URL'],
    ['SMTP_URL', 'MAIL_FROM'],
    ['MAIL_FROM', 'SMTP_URL'],
    ['REGISTRIES_URL', 'REGISTRIES_TOKEN'],
    ['REGISTRIES_TOKEN', 'REGISTRIES_URL'],
  ] as const
  for (const [present, missing] of halves) {
    // In production the list of what is required has named the missing half already.
    const named = mode === 'production' && (REQUIRED_IN_PRODUCTION as readonly string[]).includes(missing)
    if (!named && given(present) !== undefined && given(missing) === undefined) {
      faults.push(`${missing}: is missing; ${present} needs it, for example ${variables[missing].example}`)
    }
  }
  faults.push(...mutualTlsFaults(mode, values))
  for (const [realm, { profile, rotation }] of Object.entries(passwordsOf(values))) {
    const name = realm.toUpperCase()
    if (rotation !== 'off' && profile !== 'fstec')
      faults.push(
        `PASSWORD_ROTATION_${name}: needs PASSWORD_PROFILE_${name}=fstec; it must be off, or the profile fstec`,
      )
  }
  for (const name of ['SMS_GATEWAY_URL', 'VOICE_GATEWAY_URL', 'LETTER_GATEWAY_URL', 'REGISTRIES_URL'] as const) {
    const url = values[name]
    if (url?.startsWith('http:') && !values.OUTBOUND_ORIGINS?.includes(new URL(url).origin))
      faults.push(`${name}: is http; it must be https, or its origin must be listed in OUTBOUND_ORIGINS`)
  }
  if (mode === 'production' && values.WEBAUTHN_RELATED_ORIGINS?.some((origin) => origin.startsWith('http:')))
    faults.push('WEBAUTHN_RELATED_ORIGINS: has one with http; in production all must be https')
  if (values.SESSION_IDLE_SECONDS > values.SESSION_ABSOLUTE_SECONDS) {
    faults.push('SESSION_IDLE_SECONDS: is above SESSION_ABSOLUTE_SECONDS; it must be at most as long')
  }
  return faults
}

function mutualTlsFaults(mode: Config['mode'], values: Values): string[] {
  const { MTLS_CERTIFICATE_HEADER: header, MTLS_ORIGIN: origin, TRUSTED_PROXIES: proxies } = values
  const faults: string[] = []
  for (const name of ['MTLS_CA_FILE', 'MTLS_ORIGIN'] as const) {
    if (values[name] !== undefined && header === undefined)
      faults.push(`MTLS_CERTIFICATE_HEADER: is missing; ${name} needs it, for example Client-Cert`)
  }
  if (header !== undefined && proxies?.length === 0)
    faults.push(
      'TRUSTED_PROXIES: is missing; MTLS_CERTIFICATE_HEADER needs it, as the header is believed from nobody else',
    )
  if (mode === 'production' && origin?.startsWith('http:'))
    faults.push('MTLS_ORIGIN: is http; in production it must be https')
  return faults
}

function assemble(mode: Config['mode'], values: Values): Config {
  const sandbox = mode === 'sandbox'
  const issuer = values.ISSUER ?? `http://localhost:${values.PORT}`
  return {
    mode,
    issuer,
    host: values.HOST ?? (sandbox ? '127.0.0.1' : '0.0.0.0'),
    port: values.PORT,
    workers: values.WORKERS,
    trustedProxies: values.TRUSTED_PROXIES,
    countryTableFile: values.COUNTRY_TABLE_FILE,
    mtls:
      values.MTLS_CERTIFICATE_HEADER === undefined
        ? undefined
        : { header: values.MTLS_CERTIFICATE_HEADER, caFile: values.MTLS_CA_FILE, origin: values.MTLS_ORIGIN },
    database: values.DATABASE_URL
      ? {
          kind: 'postgres',
          url: values.DATABASE_URL,
          poolSize: values.DATABASE_POOL_SIZE,
          connectTimeoutMs: CONNECT_TIMEOUT_MS,
        }
      : { kind: 'pglite', folder: `${values.SANDBOX_FOLDER}/db` },
    keyEncryptionKeys: values.KEY_ENCRYPTION_KEYS ?? [],
    sms:
      values.SMS_GATEWAY_URL && values.SMS_GATEWAY_TOKEN
        ? { url: values.SMS_GATEWAY_URL, token: values.SMS_GATEWAY_TOKEN }
        : undefined,
    voice:
      values.VOICE_GATEWAY_URL && values.VOICE_GATEWAY_TOKEN
        ? { url: values.VOICE_GATEWAY_URL, token: values.VOICE_GATEWAY_TOKEN }
        : undefined,
    letters: {
      gateway:
        values.LETTER_GATEWAY_URL && values.LETTER_GATEWAY_TOKEN
          ? { url: values.LETTER_GATEWAY_URL, token: values.LETTER_GATEWAY_TOKEN }
          : undefined,
      sender: values.LETTER_SENDER ?? [],
    },
    mail: values.SMTP_URL && values.MAIL_FROM ? { smtpUrl: values.SMTP_URL, from: values.MAIL_FROM } : undefined,
    registries:
      values.REGISTRIES_URL && values.REGISTRIES_TOKEN
        ? {
            url: values.REGISTRIES_URL,
            token: values.REGISTRIES_TOKEN,
            timeoutSeconds: values.REGISTRIES_TIMEOUT_SECONDS,
          }
        : undefined,
    outboundOrigins: values.OUTBOUND_ORIGINS,
    logLevel: values.LOG_LEVEL,
    drainSeconds: values.DRAIN_SECONDS,
    brand: {
      nameRu: values.BRAND_NAME_RU,
      nameEn: values.BRAND_NAME_EN,
      headerColour: values.BRAND_HEADER_COLOUR,
      linkColour: values.BRAND_LINK_COLOUR,
      buttonColour: values.BRAND_BUTTON_COLOUR,
      focusColour: values.BRAND_FOCUS_COLOUR,
      markFile: values.BRAND_MARK_FILE,
    },
    sessions: { idleSeconds: values.SESSION_IDLE_SECONDS, absoluteSeconds: values.SESSION_ABSOLUTE_SECONDS },
    cabinetIdleSeconds: values.CABINET_IDLE_SECONDS,
    consentDays: values.CONSENT_DAYS,
    signingKeyDays: values.SIGNING_KEY_DAYS,
    codes: {
      ttlSeconds: values.CODE_TTL_SECONDS,
      tries: values.CODE_TRIES,
      resendSeconds: values.CODE_RESEND_SECONDS,
      perContactPerDay: values.CODES_PER_CONTACT_PER_DAY,
      perAccountPerDay: values.CODES_PER_ACCOUNT_PER_DAY,
      perNetworkPerHour: values.CODES_PER_NETWORK_PER_HOUR,
      perPrefixPerHour: values.CODES_PER_PREFIX_PER_HOUR,
      perHour: values.CODES_PER_HOUR,
    },
    lockout: {
      freePerNetwork: values.WRONG_ANSWERS_PER_NETWORK,
      lockSeconds: values.LOCK_SECONDS,
      proofCost: values.PROOF_OF_WORK_COST,
    },
    identity: {
      foreignDocuments: values.FOREIGN_DOCUMENTS === 'on',
      trustFramework: values.IDENTITY_TRUST_FRAMEWORK ?? `${issuer}/identifiers/trust_framework`,
      verifierNames: values.IDENTITY_VERIFIERS ?? {},
    },
    signals: {
      new_network: values.SIGNAL_NEW_NETWORK,
      impossible_travel: values.SIGNAL_IMPOSSIBLE_TRAVEL,
      many_accounts: values.SIGNAL_MANY_ACCOUNTS,
    },
    passwords: passwordsOf(values),
    leakedPasswordsFolder: values.LEAKED_PASSWORDS_FOLDER,
    secondFactor: inEachRealm((realm) => values[`SECOND_FACTOR_${upper(realm)}`]),
    enrolAtSignIn: inEachRealm((realm) => values.ENROL_AT_SIGN_IN.includes(realm)),
    emailRequired: values.EMAIL_REQUIRED,
    webauthnRelatedOrigins: values.WEBAUTHN_RELATED_ORIGINS,
    journalDays: values.JOURNAL_DAYS,
    sandbox: sandbox
      ? {
          relyingPartyPort: values.SANDBOX_RELYING_PARTY_PORT,
          relyingPartyOrigins:
            values.SANDBOX_RELYING_PARTY_ORIGINS ??
            ['localhost', '127.0.0.1'].map((name) => `http://${name}:${values.SANDBOX_RELYING_PARTY_PORT}`),
          outboxPort: values.SANDBOX_OUTBOX_PORT,
          outboxOrigin: values.SANDBOX_OUTBOX_ORIGIN ?? `http://localhost:${values.SANDBOX_OUTBOX_PORT}`,
          folder: values.SANDBOX_FOLDER,
        }
      : undefined,
  }
}

function passwordsOf(values: Values): ByRealm<PasswordConfig> {
  return inEachRealm((realm) => ({
    minLength: values.PASSWORD_MIN_LENGTH,
    profile: values[`PASSWORD_PROFILE_${upper(realm)}`],
    rotation: values[`PASSWORD_ROTATION_${upper(realm)}`],
    rotationDays: values.PASSWORD_ROTATION_DAYS,
  }))
}

const upper = (realm: Realm) => realm.toUpperCase() as Uppercase<Realm>

function inEachRealm<T>(of: (realm: Realm) => T): ByRealm<T> {
  return Object.fromEntries(realms.map((realm) => [realm, of(realm)])) as ByRealm<T>
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) deepFreeze(inner)
  return Object.freeze(value)
}
