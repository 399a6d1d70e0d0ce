import { defineEvent } from '#src/journal/journal.ts'

/** A form or address named something that the account does not have: an old page, or somebody who tries ids of others. */
export const referenceRefused = defineEvent('cabinet.reference_refused', {
  account: 'oid',
  kind: 'text',
  address: 'address',
  device: 'device',
})
/** `names` of what the owner chose anew, by words. */
export const settingsChanged = defineEvent('settings.changed', {
  account: 'oid',
  names: 'text',
  origin: 'text',
  address: 'address',
  device: 'device',
})

const setting = { account: 'oid', value: 'text', origin: 'text', address: 'address', device: 'device' } as const

/** Whether the owner wants a second factor at each sign-in: `true` or `false`. */
export const secondFactorChosen = defineEvent('settings.second_factor_chosen', setting)
/** The kind of second factor that is offered first. */
export const preferredFactorChosen = defineEvent('settings.preferred_factor_chosen', setting)
