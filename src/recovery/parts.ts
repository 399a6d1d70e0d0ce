import type { ApplyChange } from '#src/accounts/delayed-changes.ts'
import { type CodesDeps, makeCodes } from '#src/factors/code/codes.ts'
import { makeBeginning } from './beginning.ts'
import { makeContactCodes } from './contact-codes.ts'
import { makePasswordReset } from './delayed-reset.ts'
import { makeHeldOutbox } from './held-outbox.ts'
import { makeRecoveryLimits } from './limits.ts'
import { makeOtherContact } from './other-contact.ts'
import { makeRecoveryPages } from './pages.ts'
import { makeRecovering } from './recovering.ts'
import { type RecoveryRoutesDeps, recoveryRoutes } from './routes.ts'
import { makeRecoveries } from './store.ts'
import { makeWays } from './ways.ts'

type DepsOf<Make extends (deps: never) => unknown> = Parameters<Make>[0]

export type RecoveryDeps = Pick<RecoveryRoutesDeps, 'attempts' | 'factors' | 'client' | 'log' | 'issuer'> &
  Omit<DepsOf<typeof makeBeginning>, 'recoveries' | 'contactCodes' | 'codes'> &
  Omit<DepsOf<typeof makeRecovering>, 'recoveries' | 'ways'> &
  DepsOf<typeof makePasswordReset> &
  DepsOf<typeof makeRecoveryLimits> &
  DepsOf<typeof makeRecoveryPages> &
  DepsOf<typeof makeRecoveries> &
  DepsOf<typeof makeWays> & {
    /** With what codes are made and counted; whither their messages go is settled here. */
    readonly codes: Omit<CodesDeps, 'outbox'>
  }

/** The ways back into an account whose password is forgotten. */
export interface RecoveryParts {
  routes(router: Parameters<typeof recoveryRoutes>[0]): void
  /** Carries out the kind of delayed change `password.reset`. */
  readonly resetPassword: ApplyChange
}

export function makeRecoveryParts(deps: RecoveryDeps): RecoveryParts {
  const held = makeHeldOutbox()
  const codes = makeCodes({ ...deps.codes, outbox: held })
  const contactCodes = makeContactCodes({ codes, held, issuer: deps.issuer })
  const recoveries = makeRecoveries(deps)
  return {
    routes: (router) =>
      recoveryRoutes(router, {
        ...deps,
        recoveries,
        beginning: makeBeginning({ ...deps, recoveries, codes, contactCodes }),
        recovering: makeRecovering({ ...deps, recoveries, ways: makeWays(deps) }),
        otherContact: makeOtherContact({ ...deps, codes, contactCodes }),
        limits: makeRecoveryLimits(deps),
        pages: makeRecoveryPages(deps),
      }),
    resetPassword: makePasswordReset(deps),
  }
}
