import { defineEvent } from '#src/journal/journal.ts'

const place = { address: 'address', device: 'device' } as const

/** `notice` is how the person was asked: `code` and `link` by message, `none` on the page of requests only, `silenced` not at all. */
export const cibaRequested = defineEvent('ciba.requested', { account: 'oid', client: 'client', notice: 'text' })
export const cibaApproved = defineEvent('ciba.approved', { account: 'oid', client: 'client', acr: 'text', ...place })
export const cibaRefused = defineEvent('ciba.refused', { account: 'oid', client: 'client', ...place })
