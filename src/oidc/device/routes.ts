import type { Routes } from '#src/http/context.ts'

/** Where the decision on a device leads: pages that can be reloaded and read in the other language. */
export const decided = { done: '/device/done', refused: '/device/refused', failed: '/device/failed' } as const

const texts = {
  [decided.done]: { titleKey: 'device.done_title', text: 'device.done_text', advice: 'device.done_advice' },
  [decided.refused]: { titleKey: 'device.refused_title', text: 'device.refused_text', advice: 'device.refused_advice' },
  [decided.failed]: { titleKey: 'device.failed_title', text: 'device.failed_text', advice: 'device.failed_advice' },
} as const

export function deviceRoutes(router: Routes): void {
  for (const [path, model] of Object.entries(texts))
    router.get(path, (ctx) => ctx.state.page.render('oidc/device-decided', model))
}
