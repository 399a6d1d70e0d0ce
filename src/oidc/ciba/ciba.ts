import { type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider'
import type { Accounts } from '#src/accounts/accounts.ts'
import { isScope } from '#src/consents/scopes.ts'
import { addSeconds, type Clock } from '#src/kernel/clock.ts'
import { NOBODY, randomTicket } from '#src/kernel/ids.ts'
import { type Locale, locales } from '#src/kernel/locale.ts'
import type { Limit, Throttle } from '#src/throttle/throttle.ts'
import { claimsNamed } from '../claims.ts'
import { registrationOf } from '../clients.ts'
import { identityLevelWanted } from '../identity-level/demand.ts'
import { requirementOf } from '../requirement.ts'
import { hinted } from './hints.ts'
import type { CibaRequests } from './store.ts'

type Ciba = NonNullable<NonNullable<Configuration['features']>['ciba']>
type Provider = KoaContextWithOIDC['oidc']['provider']
type StoredRequest = InstanceType<Provider['BackchannelAuthenticationRequest']>

const DEFAULT_SECONDS = 300
const LONGEST_SECONDS = 600
/** 132 bits; every character of the link costs in a text message. */
const TICKET_LENGTH = 22

/** Calls of one client, whomever they name: a count per person would tell who exists. */
const clientLimit: Limit = {
  name: 'ciba_client',
  windowSeconds: 60,
  free: 600,
  delaySeconds: 1,
  maxDelaySeconds: 10,
}

/** No points, slashes or signs from elsewhere, so that neither a link nor a look-alike word gets into a message of ours. */
const BINDING_MESSAGE = /^[A-Za-zА-Яа-яЁё0-9 #№,+-]{1,40}$/u

export interface CibaDeps {
  readonly accounts: Accounts
  readonly cibaRequests: Pick<CibaRequests, 'add'>
  readonly throttle: Throttle
  readonly clock: Clock
}

/** Authentication that a client starts and the person decides on elsewhere (OpenID CIBA Core 1.0), in the modes poll and ping. */
export function ciba(deps: CibaDeps): Ciba {
  const { accounts, cibaRequests, throttle, clock } = deps
  return {
    enabled: true,
    deliveryModes: ['poll', 'ping'],
    async validateRequestContext({ oidc }) {
      const { params = {} } = oidc
      const client = oidc.client!
      // CIBA Core, section 7.1: no client without a secret or key may prompt people.
      if (client.clientAuthMethod === 'none') throw new errors.UnauthorizedClient('the client must authenticate')
      for (const name of ['login_hint_token', 'authorization_details', 'resource'])
        if (params[name] !== undefined) throw new errors.InvalidRequest(`${name} is not supported here`)
      if (params.id_token_hint !== undefined && client.subjectType === 'pairwise')
        throw new errors.InvalidRequest('id_token_hint is of no use to a pairwise client; send login_hint')
      if (requirementOf(params, registrationOf(client)).impossible)
        throw new errors.InvalidRequest('acr_values cannot be reached')
      const gate = await throttle.enter([{ limit: clientLimit, key: client.clientId }])
      if (!gate.open) throw new TooManyRequests()
    },
    async validateBindingMessage(_ctx, message) {
      if (message !== undefined && !BINDING_MESSAGE.test(message))
        throw new errors.InvalidBindingMessage(
          'binding_message must be 1 to 40 letters (Latin or Cyrillic), digits, spaces, commas, number signs, + and -',
        )
    },
    processLoginHint: async (_ctx, hint = '') => String(await hinted(hint, accounts)),
    async processLoginHintToken() {
      throw new errors.InvalidRequest('login_hint_token is not supported here')
    },
    // Discovery says that there is none.
    async verifyUserCode() {},
    async triggerAuthenticationDevice({ oidc }, request, account, client) {
      const { params = {} } = oidc
      const { demand, asked } = requirementOf(params, registrationOf(client))
      await cibaRequests.add({
        oid: Number(account.accountId),
        clientId: client.clientId,
        expiresAt: addSeconds(clock.now(), secondsOf(request as StoredRequest)),
        authReqId: (request as StoredRequest).jti,
        ticket: randomTicket().slice(0, TICKET_LENGTH),
        bindingMessage: params.binding_message as string | undefined,
        ...demand,
        identityLevel: identityLevelWanted(params.claims, registrationOf(client)),
        asked,
        scopes: String(params.scope ?? '')
          .split(' ')
          .filter(isScope),
        claims: claimsNamed(params.claims),
        locale: localeOf(params.ui_locales),
      })
    },
  }
}

/** How long a request lives: as the client wishes, ten minutes at most. */
export function cibaSeconds({ oidc }: KoaContextWithOIDC): number {
  const wished = oidc.params?.requested_expiry
  return wished === undefined ? DEFAULT_SECONDS : Math.min(Number(wished), LONGEST_SECONDS)
}

/**
 * In place of an account that does not exist or is not active: the client's call goes on all the same, and the request waits until it
 * expires. Nowhere else is there an account without a person.
 */
export function standIn({
  oidc,
}: KoaContextWithOIDC): { accountId: string; claims: () => Promise<{ sub: string }> } | undefined {
  if (oidc?.route !== 'backchannel_authentication') return undefined
  const sub = String(NOBODY)
  return { accountId: sub, claims: async () => ({ sub }) }
}

/** The provider's metadata always say that codes of users are taken. */
export function denyUserCodes(metadata: unknown): void {
  Object.assign(metadata as object, { backchannel_user_code_parameter_supported: false })
}

const secondsOf = (request: StoredRequest) => (request as unknown as { expiration: number }).expiration

function localeOf(uiLocales: unknown): Locale | undefined {
  const tags = String(uiLocales ?? '').split(' ')
  return locales.find((locale) => tags.some((tag) => tag.toLowerCase().startsWith(locale)))
}

class TooManyRequests extends errors.OIDCProviderError {
  override readonly error_description = 'too many requests in a minute; wait some seconds'

  constructor() {
    super(429, 'temporarily_unavailable')
  }
}
