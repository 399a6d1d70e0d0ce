import type { ByRealm } from '#src/kernel/realms.ts'
import type { Secret } from '#src/kernel/secret.ts'

export type DatabaseConfig =
  | { readonly kind: 'postgres'; readonly url: Secret; readonly poolSize: number; readonly connectTimeoutMs: number }
  /** Without a folder the database lives in memory. */
  | { readonly kind: 'pglite'; readonly folder: string | undefined }

/** `key` holds 32 bytes in base64. */
export interface KeyEncryptionKey {
  readonly id: string
  readonly key: Secret
}

/** Of text messages, calls or letters. */
export interface GatewayConfig {
  readonly url: string
  readonly token: Secret
}

/** The state registries behind one address; an answer may take `timeoutSeconds` as a whole. */
export interface RegistriesConfig extends GatewayConfig {
  readonly timeoutSeconds: number
}

export interface LettersConfig {
  /** The print service; undefined where no letters are sent. */
  readonly gateway: GatewayConfig | undefined
  /** Lines of the address that an undelivered letter comes back to. */
  readonly sender: readonly string[]
}

export interface MailConfig {
  readonly smtpUrl: Secret
  readonly from: string
}

/** TLS ends at a proxy, which hands over the certificate that the client has proved to hold. */
export interface MutualTlsConfig {
  /** Header that holds it; believed from trusted proxies only. */
  readonly header: string
  /** PEM bundle of the authorities that certificates of `tls_client_auth` come from; without it there is no such method. */
  readonly caFile: string | undefined
  /** Where clients that show a certificate go, if not to the issuer's own origin. */
  readonly origin: string | undefined
}

/** What is asked of the passwords of one realm. */
export interface PasswordConfig {
  readonly minLength: number
  readonly profile: 'nist' | 'fstec'
  readonly rotation: 'off' | 'advise' | 'require'
  readonly rotationDays: number
}

/** What counts as proof of who somebody is. */
export interface IdentityConfig {
  /** A document from abroad stands for the SNILS of who has none (R-A3). */
  readonly foreignDocuments: boolean
  /** Name of our rules, as `verified_claims` has it. */
  readonly trustFramework: string
  /** Legal entities, by the codes of the verifiers in evidence or the beginnings of such codes up to a dot. */
  readonly verifierNames: Readonly<Record<string, string>>
}

export interface BrandConfig {
  readonly nameRu: string
  readonly nameEn: string
  readonly headerColour: string
  readonly linkColour: string
  readonly buttonColour: string
  readonly focusColour: string
  /** Path of an SVG file that stands in for Propusk's mark. */
  readonly markFile: string | undefined
}

/** Whether a sign-in takes two factors by itself, beyond what services ask for. */
export type SecondFactorPolicy = 'off' | 'optional' | 'required'

type SignalReaction = 'off' | 'notice' | 'step_up' | 'block'
export interface SignalsConfig {
  readonly new_network: SignalReaction
  readonly impossible_travel: SignalReaction
  readonly many_accounts: SignalReaction
}

/** Everything the process was told, checked and frozen; nobody else reads `process.env`. */
export interface Config {
  readonly mode: 'sandbox' | 'production'
  /** Origin of the provider without a trailing slash; its scheme decides cookie names and HSTS. */
  readonly issuer: string
  readonly host: string
  readonly port: number
  /** Processes that serve on the port. */
  readonly workers: number
  /** CIDR blocks whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[]
  /** In place of the table of countries that comes with us. */
  readonly countryTableFile: string | undefined
  /** Undefined where client certificates are not taken. */
  readonly mtls: MutualTlsConfig | undefined
  readonly database: DatabaseConfig
  /** Empty in the sandbox until its own key is made under `keys/`. */
  readonly keyEncryptionKeys: readonly KeyEncryptionKey[]
  readonly sms: GatewayConfig | undefined
  /** Undefined where there are no calls. */
  readonly voice: GatewayConfig | undefined
  readonly mail: MailConfig | undefined
  readonly letters: LettersConfig
  /** Undefined where no registry can be asked: what depends on an answer waits. */
  readonly registries: RegistriesConfig | undefined
  /** Origins on loopback or private addresses that outgoing requests may reach. */
  readonly outboundOrigins: readonly string[]
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent'
  readonly drainSeconds: number
  readonly brand: BrandConfig
  readonly sessions: { readonly idleSeconds: number; readonly absoluteSeconds: number }
  readonly cabinetIdleSeconds: number
  readonly consentDays: number
  /** How long a signing key signs. */
  readonly signingKeyDays: number
  readonly codes: {
    readonly ttlSeconds: number
    readonly tries: number
    readonly resendSeconds: number
    readonly perContactPerDay: number
    readonly perAccountPerDay: number
    readonly perNetworkPerHour: number
    readonly perPrefixPerHour: number
    readonly perHour: number
  }
  readonly lockout: {
    readonly freePerNetwork: number
    readonly lockSeconds: number
    /** Iterations of each of the derivations that a proof of work consists of. */
    readonly proofCost: number
  }
  /** What is done about a sign-in that is unusual. */
  readonly signals: SignalsConfig
  readonly identity: IdentityConfig
  readonly passwords: ByRealm<PasswordConfig>
  /** Where `passwords import` puts the list of leaked passwords. */
  readonly leakedPasswordsFolder: string | undefined
  readonly secondFactor: ByRealm<SecondFactorPolicy>
  /** Whether what a sign-in lacks may be added in it. */
  readonly enrolAtSignIn: ByRealm<boolean>
  readonly emailRequired: boolean
  /** Where passkeys may be used beside the issuer's own origin. */
  readonly webauthnRelatedOrigins: readonly string[]
  readonly journalDays: number
  readonly sandbox:
    | {
        readonly relyingPartyPort: number
        /** Every origin that the demo relying party answers on; the first is printed. */
        readonly relyingPartyOrigins: readonly string[]
        readonly outboxPort: number
        readonly outboxOrigin: string
        readonly folder: string
      }
    | undefined
}
