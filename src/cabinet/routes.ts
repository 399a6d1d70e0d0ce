import type { Routes } from '#src/http/context.ts'
import { type HomeRoutesDeps, homeRoutes } from './home-routes.ts'
import { type RequestRoutesDeps, requestRoutes } from './request-routes.ts'
import { type ServiceRoutesDeps, serviceRoutes } from './service-routes.ts'
import { type SettingsRoutesDeps, settingsRoutes } from './settings-routes.ts'
import { type SignOutRoutesDeps, signOutRoutes } from './sign-out-routes.ts'

export type CabinetRoutesDeps = HomeRoutesDeps &
  RequestRoutesDeps &
  ServiceRoutesDeps &
  SettingsRoutesDeps &
  SignOutRoutesDeps

/** The citizen's own pages, but for those of what secures the account. */
export function cabinetRoutes(router: Routes, deps: CabinetRoutesDeps): void {
  homeRoutes(router, deps)
  settingsRoutes(router, deps)
  serviceRoutes(router, deps)
  requestRoutes(router, deps)
  signOutRoutes(router, deps)
}
