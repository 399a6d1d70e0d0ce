import { defineEvent } from '#src/journal/journal.ts'

const place = { address: 'address', device: 'device' } as const

/** The person let a device into a service; `address` and `device` are those of the browser that did so, `origin` its session. */
export const deviceApproved = defineEvent('device.approved', {
  account: 'oid',
  client: 'client',
  acr: 'text',
  origin: 'text',
  ...place,
})

/** Refused on the page that compares the codes, where perhaps nobody is signed in (account 0), or on the page of the consent. */
export const deviceRefused = defineEvent('device.refused', { account: 'oid', client: 'client', ...place })
