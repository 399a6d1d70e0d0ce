import type { PgBoss } from 'pg-boss'
import type { Logger } from 'pino'
import type { Accounts } from '#src/accounts/accounts.ts'
import type { Settings } from '#src/accounts/settings.ts'
import type { PendingRequests } from '#src/cabinet/requests.ts'
import type { SecondFactorPolicy } from '#src/config/config.ts'
import type { Consents } from '#src/consents/consents.ts'
import type { Codes } from '#src/factors/code/codes.ts'
import type { Factor } from '#src/factors/factor.ts'
import type { Routes } from '#src/http/context.ts'
import type { Journal } from '#src/journal/journal.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { ByRealm } from '#src/kernel/realms.ts'
import type { Outbox } from '#src/notifications/outbox.ts'
import type { Keyring } from '#src/store/keyring.ts'
import type { Store } from '#src/store/store.ts'
import type { Clients } from '../clients/clients.ts'
import type { AwaitedLevels } from '../identity-level/awaited-levels.ts'
import type { Provider } from '../provider.ts'
import { makeApproval } from './approval.ts'
import { makeAsking, makeMayBeCode } from './asking.ts'
import { makeDeciding } from './deciding.ts'
import { makePendingRequests } from './pending.ts'
import { makePing } from './ping.ts'
import { approvalRoutes } from './routes.ts'
import { type CibaRequests, makeCibaRequests } from './store.ts'
import { type CibaWorker, makeCibaWorker } from './worker.ts'

export interface CibaPartsDeps {
  readonly store: Store
  readonly keyring: Keyring
  readonly clock: Clock
  readonly log: Logger
  readonly issuer: URL
  readonly accounts: Accounts
  readonly settings: Settings
  readonly consents: Consents
  readonly awaitedLevels: Pick<AwaitedLevels, 'add'>
  readonly clients: Pick<Clients, 'find'>
  readonly codes: Codes
  readonly code: Factor
  readonly outbox: Outbox
  readonly journal: Journal
  readonly boss: PgBoss
  readonly consentDays: number
  readonly secondFactor: ByRealm<SecondFactorPolicy>
  readonly fetch: typeof globalThis.fetch
  /** The provider in force. */
  readonly current: () => Provider
}

/** Everything around the provider's own part of CIBA. */
export interface CibaParts {
  readonly requests: CibaRequests
  readonly pending: PendingRequests
  readonly worker: CibaWorker
  routes(router: Routes): void
}

export function makeCibaParts(deps: CibaPartsDeps): CibaParts {
  const requests = makeCibaRequests({ ...deps, added: () => worker.wake() })
  const known = { ...deps, cibaRequests: requests, mayBeCode: makeMayBeCode(deps) }
  const asking = makeAsking(known)
  const deciding = makeDeciding(known)
  const approval = makeApproval({ ...known, asking, deciding })
  const worker: CibaWorker = makeCibaWorker({ ...known, asking, ping: makePing(deps) })
  return {
    requests,
    pending: makePendingRequests({ ...known, deciding }),
    worker,
    routes: (router) => approvalRoutes(router, { ...deps, approval, deciding }),
  }
}
