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

/**
 * The owner says that a sign-in was not theirs; everything of it has ended. `by`: `link` of a notice, or `cabinet`. `undone`: whether what
 * was added and changed in it is taken back already; `waits` where what was there before comes back in 72 hours, `no` where whoever reported
 * it has proven too little.
 */
export const incidentReported = defineEvent('incident.reported', {
  account: 'oid',
  by: 'text',
  undone: 'text',
  origin: 'text',
  address: 'address',
  device: 'device',
})
/** What was under way at that moment in the reported sign-in is taken back as well. */
export const incidentSettled = defineEvent('incident.settled', { account: 'oid', origin: 'text' })
