import { randomBytes } from 'node:crypto'

/**
 * What both sides are set to. Where oidc-provider's configuration says the same in other words (features, claims, prompts), `twins.ts`
 * compares what comes out.
 */
export const terms = {
  /** As behind a proxy that ends TLS: secure cookies on both sides, though the load comes by plain http. */
  issuer: 'https://id.bench.example',
  scope: 'openid profile email phone',
  password: 'семь мокрых велосипедов',
  sessionSeconds: { idle: 3_600, absolute: 43_200 },
  consentDays: 365,
  trustFramework: 'propusk',
  ttlSeconds: {
    AccessToken: 600,
    AuthorizationCode: 60,
    ClientCredentials: 600,
    IdToken: 600,
    Interaction: 1_800,
    RefreshToken: 30 * 86_400,
  },
} as const

export interface ClientTerms {
  readonly client_id: string
  readonly client_secret: string
  readonly client_name: string
  readonly redirect_uris: readonly [string]
  readonly grant_types: readonly string[]
  readonly response_types: readonly string[]
}

/** The relying party that every flow is for. */
export function makeClient(): ClientTerms {
  return {
    client_id: 'bench-relying-party',
    client_secret: randomBytes(32).toString('base64url'),
    client_name: 'Соцвыплаты онлайн',
    redirect_uris: ['https://rp.bench.example/cb'],
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    response_types: ['code'],
  }
}

/** Registered phone number `n`, and one like it that nobody holds. */
export const phoneOf = (n: number) => `+7916${String(1_000_000 + n)}`
export const freePhone = (n: number) => `+7917${String(1_000_000 + n)}`
