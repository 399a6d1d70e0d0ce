import type { DelayedChanges } from '#src/accounts/delayed-changes.ts'
import type { Routes } from '#src/http/context.ts'
import type { Drafts, Requests } from '#src/proofing/proofing.ts'
import type { Throttle } from '#src/throttle/throttle.ts'
import { type CheckDeps, checkRoutes } from './check-routes.ts'
import { coreRoutes } from './core-routes.ts'
import { type FurtherDeps, furtherRoutes } from './further-routes.ts'
import { type HistoryDeps, historyRoutes } from './history-routes.ts'
import { type LetterRoutesDeps, letterRoutes } from './letter-routes.ts'
import { requestRoutes } from './request-routes.ts'
import { makeSubjects } from './subjects.ts'
import { type TaskDeps, taskRoutes } from './task-routes.ts'

type OwnMakings = 'subjects' | 'maySuggest'

export interface IdentityRoutesDeps
  extends Omit<CheckDeps & TaskDeps & FurtherDeps & HistoryDeps & LetterRoutesDeps, OwnMakings | 'requests'> {
  readonly requests: Requests
  readonly drafts: Drafts
  readonly delayedChanges: Pick<DelayedChanges, 'waiting'>
  readonly throttle: Pick<Throttle, 'enter'>
}

const suggestionLimit = {
  name: 'address_suggestions',
  windowSeconds: 3600,
  free: 300,
  delaySeconds: 60,
  maxDelaySeconds: 3600,
}

/** What an owner says of themselves, has checked, proves, and takes back. */
export function identityRoutes(router: Routes, given: IdentityRoutesDeps): void {
  const deps = { ...given, subjects: makeSubjects(given) }
  taskRoutes(router, deps)
  coreRoutes(router, deps)
  furtherRoutes(router, {
    ...deps,
    maySuggest: async (oid) => (await given.throttle.enter([{ limit: suggestionLimit, key: String(oid) }])).open,
  })
  checkRoutes(router, deps)
  letterRoutes(router, deps)
  requestRoutes(router, deps)
  historyRoutes(router, deps)
}
