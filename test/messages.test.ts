import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { DefinedError } from '#src/kernel/errors.ts'
import type { Messages } from '#src/kernel/locale.ts'
import { REPOSITORY, readSources, withoutComments } from './architecture/sources.ts'
import { type Material, messageFaults } from './messages/check.ts'

/** Keys put together at run time, by their beginning; each says where. */
const BUILT_PREFIXES: readonly string[] = [
  // views/login/_why.njk: why a further factor is asked for.
  'login.why_',
  // views/login/unmet.njk: what is lacking.
  'login.unmet_text.',
  // views/login/identity.njk: what is missing.
  'login.identity_lack.',
  // views/oidc/approve.njk: what a request of a level is confirmed with.
  'ciba.proof_',
  // views/cabinet/security.njk, views/login/_other-ways.njk: the name of a kind of authenticator.
  'factor.',
  // views/cabinet/one-proof.njk: which contact to add.
  'cabinet.one_proof_add.',
  // views/cabinet/security.njk: what has just been done.
  'security.done_',
  // notifications/text.ts: one text per template and channel.
  'message.',
  // consents/display.ts: the value as the account holds it.
  'consent.gender.',
  // sandbox/outbox.ts: SMS or mail.
  'outbox.channel.',
  // views/login/code.njk: by the channel of the code.
  'code.title.',
  'code.sent.',
  'code.late.',
  'code.by.',
  'code.way.',
  // views/cabinet/contact.njk: what just happened.
  'contacts.done.',
  // accounts/delayed-changes.ts: what waits for 72 hours.
  'change.kind.',
  // accounts/contact-changes.ts: the contact that is asked for.
  'change.contact.',
  // views/cabinet/not-me-done.njk: what became of the changes.
  'not_me.reported_',
  // proofing/request.ts: why a request is in its state.
  'requests.reason.',
  // cabinet/identity: kinds, states and steps of requests, tasks and the step after them, fields of the history.
  'requests.kind.',
  'requests.state.',
  'requests.step.',
  'identity.opens.',
  'identity.next.',
  'identity.next_button.',
  'identity.task.',
  'identity.status.',
  'identity.address_',
  'identity.letter_obstacle.',
  'history.field.',
  // accounts/accounts.ts: the identity level.
  'accounts.level.',
  // cabinet/session-routes.ts, cabinet/device-routes.ts: what has just been done.
  'cabinet.sessions_done.',
  'cabinet.devices_',
  // cabinet/journal-words.ts: what happened, and the words around it.
  'journal.',
  // cabinet/leaving/export-words.ts: parts of the copy of one's data and their members.
  'export.section.',
  'export.field.',
  // cabinet/leaving/section-words.ts: codes in the copy of one's data.
  'export.realm.',
  'export.evidence.',
  'export.covers.',
  'export.language.',
  'export.agreement.',
  'export.level.',
  'export.draft.',
  'export.cause.',
  'export.channel.',
  'export.message.',
  'export.message_state.',
  // accounts/documents/kind.ts: names of documents, of their fields and of the scans that a review needs.
  'documents.kind.',
  'documents.field.',
  'documents.scan.',
  // cabinet/home-routes.ts, views/cabinet/_frame.njk: the state of the account.
  'accounts.state.',
]

const files = await readSources('src', '.ts')
const views = await readSources('views', '.njk')

async function exportsOf(named: RegExp): Promise<object[]> {
  const paths = [...files.keys()].filter((path) => named.test(path))
  const modules = await Promise.all(paths.map((path) => import(join(REPOSITORY, 'src', path)) as Promise<object>))
  return modules.flatMap((module) => Object.values(module) as object[])
}

function textsOf(language: 'ru' | 'en'): Promise<Messages[]> {
  return exportsOf(new RegExp(`(^|[/-])messages\\.${language}\\.ts$`)) as Promise<Messages[]>
}

test('every text exists in both languages, says the same, and somebody asks for it', async () => {
  const errors = (await exportsOf(/(^|\/)errors\.ts$/)).flatMap((exported) => Object.values(exported) as unknown[])
  const faults = messageFaults({
    ru: Object.assign({}, ...(await textsOf('ru'))),
    en: Object.assign({}, ...(await textsOf('en'))),
    errorCodes: errors.filter(isDefinedError).map(({ code }) => code),
    sources: [
      ...[...files]
        .filter(([path]) => !/(^|[/-])messages\.\w+\.ts$/.test(path))
        .map(([, text]) => withoutComments(text)),
      ...[...views.values()].map((text) => text.replace(/\{#[\s\S]*?#\}/g, '')),
    ],
    builtPrefixes: BUILT_PREFIXES,
  })
  expect(faults).toEqual([])
})

test('no two folders claim the same key', async () => {
  const keys = (await textsOf('ru')).flatMap((messages) => Object.keys(messages))
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([])
})

function isDefinedError(value: unknown): value is DefinedError {
  return typeof value === 'object' && value !== null && 'code' in value && 'status' in value
}

describe('the check of texts', () => {
  const sound: Material = {
    ru: {
      'a.title': 'Вход',
      'a.left_one': '{{count}} раз',
      'a.left_few': '{{count}} раза',
      'a.left_many': '{{count}} раз',
      'a.expired': 'Поздно',
    },
    en: {
      'a.title': 'Sign in',
      'a.left_one': '{{count}} time',
      'a.left_other': '{{count}} times',
      'a.expired': 'Late',
    },
    errorCodes: ['a.expired'],
    sources: ["{{ t('a.title') }} {{ t('a.left', { count: 2 }) }}"],
    builtPrefixes: [],
  }
  const { 'a.left_few': _few, ...withoutFew } = sound.ru

  test('has nothing against a sound set', () => {
    expect(messageFaults(sound)).toEqual([])
  })

  test.each<[string, Partial<Material>, string]>([
    ['a text in one language only', { ru: { ...sound.ru, 'a.expired': '' } }, 'a.expired: no text in ru'],
    ['a missing plural form', { ru: withoutFew }, 'a.left_few: no text in ru'],
    [
      'a plural form of another language',
      { en: { ...sound.en, 'a.left_many': 'x' } },
      'a.left_many: en has no such plural form',
    ],
    [
      'other placeholders',
      { en: { ...sound.en, 'a.title': 'Hi {{name}}' } },
      'a.title: placeholders differ: ru none, en name',
    ],
    ['an error without a text', { errorCodes: ['a.expired', 'a.gone'] }, 'a.gone: an error without a text'],
    [
      'a key that does not exist',
      { sources: [...sound.sources, "page.t('a.tilte')"] },
      'a.tilte: asked for, but there is no such text',
    ],
    ['a text nobody uses', { errorCodes: [] }, 'a.expired: nobody asks for this text'],
    ['a prefix nobody builds', { builtPrefixes: ['b.'] }, 'b.…: no such keys are built any more'],
  ])('finds %s', (_what, change, fault) => {
    expect(messageFaults({ ...sound, ...change })).toEqual([fault])
  })

  test('takes keys with a known prefix as used', () => {
    const built = { ...sound, errorCodes: [], sources: [...sound.sources, "t('a.ex' + rest)"], builtPrefixes: ['a.ex'] }
    expect(messageFaults(built)).toEqual([])
  })
})
