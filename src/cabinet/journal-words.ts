import { releasedInWords } from '#src/consents/labels.ts'
import type { RecordedEvent } from '#src/journal/journal.ts'
import type { CountryOf } from '#src/kernel/country.ts'
import { inSentence, type Locale, type Translate, wordedTime } from '#src/kernel/locale.ts'
import { deviceInWords, placeInWords } from './place-words.ts'

/** What the owner can look for in the journal. */
export const groups = ['sign_in', 'security', 'consent', 'data'] as const
export type Group = (typeof groups)[number]

/** Every event that an account can have; each has a text `journal.<type>`. */
export const eventGroups: Readonly<Record<string, Group>> = {
  'account.blocked': 'security',
  'account.closed': 'security',
  'account.exported': 'data',
  'account.realm_changed': 'security',
  'account.registered': 'security',
  'account.reopened': 'security',
  'account.revealed': 'security',
  'account.sessions_ended': 'sign_in',
  'account.suspected': 'security',
  'account.trusted': 'security',
  'account.unblocked': 'security',
  'authenticator.added': 'security',
  'authenticator.refused': 'security',
  'authenticator.removed': 'security',
  'authenticator.renamed': 'security',
  'authenticator.undone': 'security',
  'cabinet.reference_refused': 'security',
  'change.applied': 'security',
  'change.scheduled': 'security',
  'change.stopped': 'security',
  'ciba.approved': 'consent',
  'ciba.refused': 'consent',
  'ciba.requested': 'consent',
  'consent.granted': 'consent',
  'consent.refused': 'consent',
  'consent.withdrawn': 'consent',
  'contact.changed': 'security',
  'contact.clashed': 'security',
  'contact.detached': 'security',
  'contact.detachment_cancelled': 'security',
  'contact.detachment_requested': 'security',
  'data.released': 'data',
  'device.appeared': 'sign_in',
  'device.approved': 'consent',
  'device.forgotten': 'security',
  'device.refused': 'consent',
  'device.trusted': 'security',
  'factor.passed': 'sign_in',
  'factor.refused': 'sign_in',
  'identity.clashed': 'security',
  'identity.evidence_recorded': 'data',
  'identity.level_awaited': 'data',
  'identity.level_changed': 'data',
  'identity.suspended': 'security',
  'incident.reported': 'security',
  'incident.settled': 'security',
  'letter.ended': 'data',
  'letter.ordered': 'data',
  'letter.redeemed': 'data',
  'letter.refused': 'data',
  'letter.sent': 'data',
  'login.locked': 'sign_in',
  'login.succeeded': 'sign_in',
  'logout.undelivered': 'sign_in',
  'password.changed': 'security',
  'profile.changed': 'data',
  'recovery.begun': 'security',
  'recovery.ended': 'security',
  'recovery.proven': 'security',
  'recovery.refused': 'security',
  'registration.clashed': 'security',
  'request.confirmed': 'data',
  'request.delayed': 'data',
  'request.opened': 'data',
  'request.recalled': 'data',
  'request.refused': 'data',
  'request.withdrawn': 'data',
  'session.ended': 'sign_in',
  'session.used': 'sign_in',
  'settings.changed': 'security',
  'settings.preferred_factor_chosen': 'security',
  'settings.second_factor_chosen': 'security',
  'signal.raised': 'sign_in',
  'token.exchanged': 'consent',
  'webauthn.copy_suspected': 'security',
}

export const typesOf = (group: Group) => Object.keys(eventGroups).filter((type) => eventGroups[type] === group)

/** What did not come about. */
const refused: ReadonlySet<string> = new Set([
  'authenticator.refused',
  'cabinet.reference_refused',
  'ciba.refused',
  'consent.refused',
  'device.refused',
  'factor.refused',
  'letter.refused',
  'login.locked',
  'recovery.refused',
  'request.refused',
])

/** An event as its owner reads it. */
export interface WordedEvent {
  /** Of the day in Moscow. */
  readonly time: string
  readonly title: string
  /** Service, method, contact: whatever of it there is. */
  readonly details: readonly string[]
  /** Empty where it was nobody's browser. */
  readonly device: string
  readonly place: string
  readonly refused: boolean
}

export interface Wording {
  readonly t: Translate
  readonly locale: Locale
  readonly countryOf: CountryOf
  /** The name of a relying party; undefined for our own pages. */
  readonly serviceName: (clientId: string, locale: Locale) => Promise<string | undefined>
}

export async function worded({ type, at, fields }: RecordedEvent, wording: Wording): Promise<WordedEvent> {
  const { t, locale, countryOf } = wording
  const text = (name: string) => String(fields[name] ?? '')
  const [device, address] = [text('device'), text('address')]
  return {
    time: wordedTime(at, locale),
    title: t(`journal.${type}`),
    details: [...(await serviceOf(text('client'), wording)), ...wordsOf(type, text, t)],
    device: device === '' ? '' : deviceInWords(device, t),
    place: address === '' ? '' : placeInWords({ address, country: countryOf(address) }, locale),
    refused: refused.has(type),
  }
}

async function serviceOf(client: string, { t, locale, serviceName }: Wording): Promise<string[]> {
  if (client === '') return []
  return [(await serviceName(client, locale)) ?? t('journal.own_pages')]
}

type Text = (name: string) => string

/** Words of ours alone are looked up: what somebody typed or sent is no key of a text. */
function wordsOf(type: string, text: Text, t: Translate): string[] {
  const words: string[] = []
  const [kind, contact] = [text('kind'), text('contact')]
  if (/^(authenticator|factor)\./.test(type) || type === 'login.locked') words.push(inSentence(t(`factor.${kind}`)))
  if (type.startsWith('change.')) words.push(t(`change.kind.${kind}`))
  if (type === 'settings.preferred_factor_chosen') words.push(inSentence(t(`factor.${text('value')}`)))
  if (type === 'settings.second_factor_chosen') words.push(t(`journal.second_factor_${text('value')}`))
  if (contact === 'phone' || contact === 'email') words.push(t(`journal.contact.${contact}`))
  if (type === 'contact.changed') words.push(t(`journal.how.${text('how')}`))
  if (type === 'recovery.ended') words.push(t(`journal.outcome.${text('outcome')}`))
  if (type === 'data.released') words.push(releasedInWords(text('claims').split(' '), t).join(', '))
  if (type === 'signal.raised') words.push(t(`journal.signal.${text('signal')}`))
  if (type === 'incident.reported') words.push(t(`journal.undone_${text('undone')}`))
  const methods = methodsOf(text('amr'))
  if (methods.length > 0) words.push(methods.map((method) => t(`journal.amr.${method}`)).join(', '))
  return words
}

const known = ['pwd', 'sms', 'tel', 'otp', 'hwk', 'swk'] as const

/** RFC 8176 values that are a thing to a reader. */
function methodsOf(amr: string): string[] {
  const values = amr.split(' ')
  const sent = values.includes('sms') || values.includes('tel')
  return known.filter((value) => values.includes(value) && !(value === 'otp' && sent))
}
