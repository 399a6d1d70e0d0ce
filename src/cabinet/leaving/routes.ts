import type { Routes } from '#src/http/context.ts'
import { type CloseRoutesDeps, closeRoutes } from './close-routes.ts'
import { type ExportRoutesDeps, exportRoutes } from './export-routes.ts'
import { type ReturnRoutesDeps, returnRoutes } from './return-routes.ts'

export type LeavingRoutesDeps = CloseRoutesDeps & ExportRoutesDeps & ReturnRoutesDeps

/** Taking one's data along, closing the account, coming back. */
export function leavingRoutes(router: Routes, deps: LeavingRoutesDeps): void {
  exportRoutes(router, deps)
  closeRoutes(router, deps)
  returnRoutes(router, deps)
}
