import type { Adapter, KoaContextWithOIDC } from 'oidc-provider'
import type { Accounts } from '#src/accounts/accounts.ts'
import type { Journal } from '#src/journal/journal.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Keyring } from '#src/store/keyring.ts'
import { deriveGrants } from '../exchange/derived-grants.ts'
import { registerTokenExchange } from '../exchange/exchange.ts'
import { makePresentedTokens } from '../exchange/tokens.ts'
import { pairwiseSubject } from '../pairwise.ts'
import { makeDemandsOf } from './demands.ts'
import { resourceIndicators, richAuthorizationRequests } from './features.ts'
import { introspectionPolicy, revocationPolicy } from './introspection.ts'
import { makeIssuedJwts } from './issued-jwts.ts'
import type { ResourceServers } from './store.ts'
import { makeSubjectNames } from './subject-names.ts'
import { customizeJwt, extraTokenClaims } from './token-claims.ts'

type Provider = KoaContextWithOIDC['oidc']['provider']

export interface ResourcePartsDeps {
  readonly issuer: URL
  readonly keyring: Keyring
  readonly clock: Clock
  readonly accounts: Accounts
  readonly journal: Journal
  readonly resourceServers: ResourceServers
}

/** What makeResourceParts answers: configuration, and what is no configuration. */
export type ResourceParts = ReturnType<typeof makeResourceParts>

/**
 * What a provider is given so that its tokens serve others than ourselves: resource servers, and whom they are exchanged for.
 * @param state.notes where notes of issued JWTs are kept
 */
export function makeResourceParts(
  deps: ResourcePartsDeps,
  state: { signingKeys: readonly object[]; authorizationDetailsTypes: readonly string[]; notes: Adapter },
) {
  const { accounts, clock, journal, resourceServers } = deps
  const subjectNames = makeSubjectNames({ resourceServers, pairwise: pairwiseSubject(deps.keyring) })
  const jwts = makeIssuedJwts({ notes: state.notes, signingKeys: state.signingKeys, issuer: deps.issuer.origin, clock })
  return {
    features: {
      resourceIndicators: resourceIndicators(resourceServers),
      richAuthorizationRequests: richAuthorizationRequests(resourceServers, state.authorizationDetailsTypes),
      introspection: { enabled: true as const, allowedPolicy: introspectionPolicy({ accounts, resourceServers }) },
      revocation: { enabled: true as const, allowedPolicy: revocationPolicy },
    },
    tokens: {
      extraTokenClaims: extraTokenClaims(subjectNames),
      formats: { customizers: { jwt: customizeJwt(jwts) } },
    },
    demandsOf: makeDemandsOf(resourceServers),
    /** Adds what is no configuration to a provider that was just made. */
    extend(provider: Provider): void {
      deriveGrants(provider)
      const presented = makePresentedTokens({ accounts, jwts })
      registerTokenExchange(provider, { accounts, resourceServers, presented, subjectNames, journal })
    },
  }
}

/** Seconds that an access token lives: as its resource server wants it, at home as given. */
export const lifetime =
  (homeSeconds: number) =>
  (_ctx: unknown, token: { resourceServer?: { accessTokenTTL?: number | undefined } | undefined }): number =>
    token.resourceServer?.accessTokenTTL ?? homeSeconds
