import type Provider from 'oidc-provider'
import type { Logger } from 'pino'
import type { ConnectedService, ConnectedServices } from '#src/cabinet/services.ts'
import type { Consent, Consents, ResourceScopes } from '#src/consents/consents.ts'
import { consentWithdrawn } from '#src/consents/events.ts'
import type { Journal } from '#src/journal/journal.ts'
import { type AccountId, ticketHash } from '#src/kernel/ids.ts'
import type { Locale } from '#src/kernel/locale.ts'
import { loginSucceeded } from '#src/login/events.ts'
import type { Keyring } from '#src/store/keyring.ts'
import type { Store } from '#src/store/store.ts'
import { units, write } from '#src/store/unit.ts'
import { dropOwned, grantOwner } from './artifacts.ts'
import type { Clients } from './clients/clients.ts'

import { sessionUsed } from './events.ts'
import type { Authorization } from './grants.ts'
import type { LogoutNotices } from './logout/notices.ts'
import { dataReleased } from './releases/events.ts'
import type { Releases } from './releases/releases.ts'
import { nameIn, titleIn } from './resources/resource-server.ts'
import type { ResourceServers } from './resources/store.ts'
import { makeServiceName } from './service-names.ts'
import type { SessionStore } from './sessions/store.ts'

/** No request that has read a consent is still under way after that: a statement is given up after 15 seconds. */
const UNDER_WAY_MS = 30_000

/** So many of the newest sign-ins and releases are searched. */
const EVENTS_SEARCHED = 300

/** The newest of each kind. */
interface Last {
  signInAt?: Date
  release?: NonNullable<ConnectedService['lastRelease']>
}

const signIns: readonly string[] = [loginSucceeded.type, sessionUsed.type]

/** @param current the provider in force */
export function makeConnectedServices(deps: {
  current: () => Provider
  store: Store
  keyring: Keyring
  consents: Consents
  clients: Pick<Clients, 'find' | 'read'>
  resourceServers: Pick<ResourceServers, 'find'>
  sessionStore: Pick<SessionStore, 'of'>
  releases: Pick<Releases, 'forget'>
  notices: Pick<LogoutNotices, 'add'>
  journal: Pick<Journal, 'note' | 'read'>
  log: Pick<Logger, 'error'>
}): ConnectedServices {
  const { current, store, keyring, consents, clients, resourceServers, sessionStore, releases, notices, journal, log } =
    deps

  /** What the journal still tells of each service, by client_id. */
  async function lastOf(oid: AccountId): Promise<Map<string, Last>> {
    const events = await journal.read(oid, { limit: EVENTS_SEARCHED, types: [...signIns, dataReleased.type] })
    const found = new Map<string, Last>()
    for (const { type, fields, at } of events) {
      const client = String(fields.client)
      const last = found.get(client) ?? {}
      if (type !== dataReleased.type) last.signInAt ??= at
      else last.release ??= { at, claims: String(fields.claims).split(' ') }
      found.set(client, last)
    }
    return found
  }

  const serviceName = makeServiceName(clients)

  async function described({ identifier, scopes }: ResourceScopes, locale: Locale) {
    const server = await resourceServers.find(identifier)
    if (!server) return { name: identifier, titles: scopes }
    const known = server.scopes.filter(({ name }) => scopes.includes(name))
    return { name: nameIn(server, locale), titles: known.map((scope) => titleIn(scope, locale)) }
  }

  async function shown(consent: Consent, locale: Locale, last: Last | undefined): Promise<ConnectedService> {
    const { clientId, scopes, claims, resources, grantedAt: since, expiresAt: until } = consent
    return {
      ref: ticketHash(clientId),
      clientId,
      name: (await serviceName(clientId, locale)) ?? clientId,
      scopes,
      claims,
      resources: await Promise.all(resources.map((resource) => described(resource, locale))),
      since,
      until,
      lastSignInAt: last?.signInAt,
      lastRelease: last?.release,
    }
  }

  /** Its sessions of the person are over, wherever the person is signed in. */
  async function tellClient(oid: AccountId, clientId: string): Promise<void> {
    const client = await current().Client.find(clientId)
    if (!client?.backchannelLogoutUri) return
    for (const { uid } of await sessionStore.of(oid)) {
      const session = await current().Session.findByUid(uid)
      const { sid } = (session?.authorizations?.[clientId] ?? {}) as Authorization
      if (session?.accountId === String(oid) && sid !== undefined) await notices.add({ oid, clientId, sid })
    }
  }

  async function dropGrants(oid: AccountId, clientId: string): Promise<void> {
    const owner = grantOwner(keyring, String(oid), clientId)
    for (const part of dropOwned) await write(store, part, owner, [owner])
  }

  /** A sign-in there that was under way had read the consent, and has made a grant of it since; a service could provoke that. */
  function lookAgain(oid: AccountId, clientId: string): void {
    const again = async () => {
      if (!(await consents.find(oid, clientId))) await dropGrants(oid, clientId)
    }
    const timer = units.exit(() =>
      setTimeout(
        () => void again().catch((err: unknown) => log.error({ err }, 'withdrawn consent not checked')),
        UNDER_WAY_MS,
      ),
    )
    timer.unref()
  }

  return {
    async of(oid, locale) {
      const all = await consents.of(oid)
      const lastAt = all.length > 0 ? await lastOf(oid) : new Map<string, Last>()
      return Promise.all(all.map((consent) => shown(consent, locale, lastAt.get(consent.clientId))))
    },
    async withdraw({ oid, session }, { clientId }, place) {
      await tellClient(oid, clientId)
      await consents.withdraw(oid, clientId)
      await releases.forget(oid, clientId)
      await dropGrants(oid, clientId)
      lookAgain(oid, clientId)
      await journal.note(consentWithdrawn({ account: oid, client: clientId, origin: session, ...place }))
    },
  }
}
