import Router from '@koa/router'
import { type ChangeRoutesDeps, changeRoutes } from '#src/accounts/change-routes.ts'
import { contactRoutes } from '#src/accounts/routes.ts'
import { type CodeRoutesDeps, codeRoutes } from '#src/cabinet/code-routes.ts'
import { type ContactRoutesDeps, contactChangeRoutes } from '#src/cabinet/contact-routes.ts'
import { type KnownDeviceRoutesDeps, knownDeviceRoutes } from '#src/cabinet/device-routes.ts'
import { type IdentityRoutesDeps, identityRoutes } from '#src/cabinet/identity/routes.ts'
import { type JournalRoutesDeps, journalRoutes } from '#src/cabinet/journal-routes.ts'
import { type LeavingRoutesDeps, leavingRoutes } from '#src/cabinet/leaving/routes.ts'
import { type NotMeRoutesDeps, notMeRoutes } from '#src/cabinet/not-me-routes.ts'
import { type PasswordRoutesDeps, passwordRoutes } from '#src/cabinet/password-routes.ts'
import { type CabinetRoutesDeps, cabinetRoutes } from '#src/cabinet/routes.ts'
import { type SecurityRoutesDeps, securityRoutes } from '#src/cabinet/security-routes.ts'
import { type SessionRoutesDeps, sessionRoutes } from '#src/cabinet/session-routes.ts'
import { relatedOriginRoutes } from '#src/factors/webauthn/routes.ts'
import type { Routes, State } from '#src/http/context.ts'
import { languageRoutes } from '#src/http/locale.ts'
import { type LoginRoutesDeps, loginRoutes } from '#src/login/routes.ts'
import { type ApprovalRoutesDeps, approvalRoutes } from '#src/oidc/ciba/routes.ts'
import { deviceRoutes } from '#src/oidc/device/routes.ts'
import { endpoints } from '#src/oidc/endpoints.ts'
import { entranceRoutes } from '#src/oidc/first-party.ts'
import { type RecoveryRoutesDeps, recoveryRoutes } from '#src/recovery/routes.ts'
import { makeRegistration, type RegistrationDeps } from '#src/registration/routes.ts'
import { type DemoRoutesDeps, demoRoutes } from '#src/sandbox/relying-party-routes.ts'

/** One method of one address; `:uid` and the like stand for whatever a test puts there. */
export interface Door {
  readonly method: string
  readonly path: string
}

/** What a folder's routes add to a router; none of them touches what it depends on before it is called. */
function added(add: (router: Routes) => void): Door[] {
  const router: Routes = new Router<State>()
  add(router)
  return router.stack.flatMap(({ methods, path }) =>
    methods.filter((method) => method !== 'HEAD').map((method) => ({ method, path: String(path) })),
  )
}

const both = (path: string): Door[] => [
  { method: 'GET', path },
  { method: 'POST', path },
]
const get = (path: string): Door => ({ method: 'GET', path })

/** Every address of the provider: the routes are asked of the code, so that a new one of these folders is in here by itself. */
export const houseDoors: readonly Door[] = [
  ...added(languageRoutes),
  ...added((router) => loginRoutes(router, {} as LoginRoutesDeps)),
  ...added((router) => makeRegistration({} as RegistrationDeps).routes(router)),
  ...added((router) => recoveryRoutes(router, {} as RecoveryRoutesDeps)),
  ...added((router) => contactRoutes(router, {} as Parameters<typeof contactRoutes>[1])),
  ...added((router) => changeRoutes(router, {} as ChangeRoutesDeps)),
  ...added((router) => codeRoutes(router, {} as CodeRoutesDeps)),
  ...added((router) => contactChangeRoutes(router, {} as ContactRoutesDeps)),
  ...added((router) => identityRoutes(router, {} as IdentityRoutesDeps)),
  ...added(deviceRoutes),
  ...added(entranceRoutes),
  ...added((router) => relatedOriginRoutes(router, ['https://related.example'])),
  ...added((router) => approvalRoutes(router, {} as ApprovalRoutesDeps)),
  ...added((router) => passwordRoutes(router, {} as PasswordRoutesDeps)),
  ...added((router) => sessionRoutes(router, {} as SessionRoutesDeps)),
  ...added((router) => knownDeviceRoutes(router, {} as KnownDeviceRoutesDeps)),
  ...added((router) => journalRoutes(router, {} as JournalRoutesDeps)),
  ...added((router) => notMeRoutes(router, {} as NotMeRoutesDeps)),
  ...added((router) => securityRoutes(router, {} as SecurityRoutesDeps)),
  ...added((router) => leavingRoutes(router, {} as LeavingRoutesDeps)),
  ...added((router) => cabinetRoutes(router, {} as CabinetRoutesDeps)),
  ...endpoints.flatMap(({ path, methods }) =>
    methods.filter((method) => method !== 'HEAD' && method !== 'OPTIONS').map((method) => ({ method, path })),
  ),
  ...both('/health'),
  get('/ready'),
  get('/assets/hash/propusk.css'),
  ...both('/'),
]

export const demoDoors: readonly Door[] = added((router) => demoRoutes(router, {} as DemoRoutesDeps))

export const outboxDoors: readonly Door[] = [...both('/'), ...both('/api/messages'), get('/letters/:file')]
