import type { IdentityDocument } from '#src/accounts/documents/document.ts'
import { summaryOf } from '#src/accounts/documents/kinds.ts'
import { formatCountry } from '#src/accounts/fields/country.ts'
import { formatDate } from '#src/accounts/fields/date.ts'
import { formatPhone } from '#src/accounts/fields/phone.ts'
import { formatSnils } from '#src/accounts/fields/snils.ts'
import type { PastChange } from '#src/accounts/identity/history.ts'
import { labelsOf } from '#src/consents/labels.ts'
import { claimsAsked } from '#src/consents/scopes.ts'
import type { RecordedEvent } from '#src/journal/journal.ts'
import type { ProofingRequest, Proposal } from '#src/proofing/request.ts'
import { groupedNumber } from '#src/proofing/request-number.ts'
import { changeInWords } from '../identity/history-words.ts'
import { reasonsInWords, stepsInWords } from '../identity/words.ts'
import { type Wording, worded } from '../journal-words.ts'
import { deviceInWords, placeInWords } from '../place-words.ts'
import type { ConnectedService } from '../services.ts'
import { answersInWords, proposalInWords } from './proposal-words.ts'

export interface ExportWording extends Wording {
  readonly at: Date
  /** Those that may have data, in the reader's language. */
  readonly services: readonly ConnectedService[]
  /** The legal entity behind the code of a verifier; undefined where none is configured. */
  readonly verifierName: (code: string) => string | undefined
}

/** A row of a section by its members; those without a value have no line. */
export type Row = Readonly<Record<string, unknown>>

/** Rows whose members are codes, numbers or objects, with words in their place; the others stand as they are. */
export const sectionWords: Readonly<Record<string, (row: Row, wording: ExportWording) => Row | Promise<Row>>> = {
  account: (row, { t }) => ({
    ...row,
    state: t(`accounts.state.${row.state}`),
    realm: t(`export.realm.${row.realm}`),
    identityLevel: t(`accounts.level.${row.identityLevel}`),
  }),
  person: (row, { t, locale }) => ({
    ...row,
    birthDate: formatDate(String(row.birthDate)),
    gender: t(`consent.gender.${row.gender}`),
    citizenship: given(row.citizenship, (code: string) => formatCountry(code, locale)),
    snils: given(row.snils, formatSnils),
  }),
  contacts: (row) => ({ ...row, phone: given(row.phone, formatPhone) }),
  documents({ recordedAt, ...row }, { t, locale }) {
    const summary = summaryOf(row as unknown as IdentityDocument, locale).map(({ name, text }) => [name, text])
    return { kind: t(`documents.kind.${row.kind}`), ...Object.fromEntries(summary), recordedAt }
  },
  addresses: (row, { t }) => ({ ...row, kind: t(`identity.address_${row.kind}`) }),
  evidence: (row, { t, verifierName }) => ({
    ...row,
    kind: t(`export.evidence.${row.kind}`),
    covers: each(row.covers, (group) => t(`export.covers.${group}`)),
    // What registries and letters prove is proven by ourselves.
    verifier: verifierName(String(row.verifier)) ?? (isOwn(row.kind) ? undefined : row.verifier),
    details: given(row.details, Object.values),
  }),
  settings: (row, { t }) => ({
    ...row,
    locale: t(`export.language.${row.locale}`),
    preferredFactor: given(row.preferredFactor, (kind) => t(`factor.${kind}`)),
    codeChannel: given(row.codeChannel, (channel) => t(`export.channel.${channel}`)),
  }),
  agreements: (row, { t }) => ({ ...row, kind: t(`export.agreement.${row.kind}`) }),
  consents({ clientId, scopes, claims, ...row }, { t, services }) {
    const service = services.find((one) => one.clientId === clientId)
    const data = labelsOf(claimsAsked(scopes as string[], claims as string[])).map((label) => t(label))
    return {
      clientId: service?.name ?? clientId,
      scopes: (scopes as string[]).includes('offline_access') ? [...data, t('export.offline')] : data,
      resources: service?.resources.map(({ name, titles }) => `${name} (${titles.join(', ')})`),
      grantedAt: row.grantedAt,
      expiresAt: row.expiresAt,
    }
  },
  authenticators: (row, { t }) => ({ ...row, kind: t(`factor.${row.kind}`) }),
  async sessions({ clients, ...row }, wording) {
    const name = async (id: unknown) => wording.serviceName(String(id), wording.locale)
    return {
      ...seenFrom(row, wording),
      level: wording.t(`export.level.${row.level}`),
      clients: await Promise.all((clients as unknown[]).map(name)),
    }
  },
  devices: seenFrom,
  waiting_changes: (row, { t }) => ({ ...row, kind: t(`change.kind.${row.kind}`) }),
  requests(row, { t, locale }) {
    const request = row as unknown as ProofingRequest
    return {
      ...row,
      number: groupedNumber(request.number),
      kind: t(`requests.kind.${request.kind}`),
      state: t(`requests.state.${request.state}`),
      reasons: reasonsInWords(request.reasons, t),
      steps: stepsInWords(request, t, locale).map(({ at, text, reasons }) => [`${at}: ${text}`, ...reasons].join(' ')),
      proposal: given(row.proposal, (proposal: Proposal) => proposalInWords(proposal, { t, locale })),
    }
  },
  drafts: (row, { t, locale }) => ({
    ...row,
    kind: t(`export.draft.${row.kind}`),
    answers: answersInWords(row.answers as Record<string, string>, { t, locale }),
  }),
  contact_history(row, { t }) {
    const written = row.contact === 'phone' ? formatPhone : (value: string) => value
    return {
      ...row,
      contact: t(`journal.contact.${row.contact}`),
      before: given(row.before, written),
      after: given(row.after, written),
      cause: t(`export.cause.${row.cause}`),
    }
  },
  profile_history(row, { t, locale }) {
    const { field, before, after, by, at } = changeInWords(row as unknown as PastChange, t, locale, 'whole')
    return { field, before, after, cause: t(`export.cause.${row.cause}`), actor: by, at }
  },
  messages: (row, { t }) => ({
    ...row,
    channel: t(`export.channel.${row.channel}`),
    kind: t(messageText(String(row.kind))),
    state: t(`export.message_state.${row.state}`),
  }),
  async journal(row, wording) {
    const { title, details, device, place, refused } = await worded(row as unknown as RecordedEvent, wording)
    const fields = refused ? [wording.t('journal.refused'), ...details] : details
    return { at: row.at, type: title, fields, device, address: place }
  },
}

/** Subjects of mails name messages, but for those that have none, or fill something into it. */
const withoutSubject = new Set([
  'approval_code',
  'approval_code_bound',
  'contact_freed',
  'letter',
  'level_awaited',
  'level_awaited_link',
])
const messageText = (kind: string) => (withoutSubject.has(kind) ? `export.message.${kind}` : `message.${kind}.subject`)

const isOwn = (kind: unknown) => kind === 'registry' || kind === 'letter'

function given<T, U>(value: unknown, write: (value: T) => U): U | undefined {
  return value === undefined ? undefined : write(value as T)
}

const each = (values: unknown, write: (value: unknown) => string) => (values as unknown[]).map(write)

/** A browser and where it was seen. */
function seenFrom({ device, address, country, ...row }: Row, { t, locale }: ExportWording): Row {
  const place = { country: country as string | undefined, address: String(address) }
  return { ...row, device: deviceInWords(String(device), t), address: placeInWords(place, locale) }
}
