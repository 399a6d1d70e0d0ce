import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { accountSuspected, changeScheduled } from '#src/accounts/events.ts'
import { levelChanged } from '#src/accounts/identity/events.ts'
import { evidenceKinds } from '#src/accounts/identity/evidence.ts'
import { locales } from '#src/kernel/locale.ts'
import { dataReleased } from '#src/oidc/releases/events.ts'
import { requestKinds, requestStates } from '#src/proofing/request.ts'
import { CONSENT_VERSION } from '#src/registration/consent.ts'
import { type Leaver, leaver } from '../../accounts/leaving/leaver.ts'
import { readSources } from '../../architecture/sources.ts'
import { enterCabinet } from '../../authenticators.ts'
import { worldOfFile } from '../../world.ts'

/** The copy to be read has words for everything that has a code in the file (R-A9). */

const EXPORT = '/account/export'
const HOUSE = 'МФЦ Приозёрска'

const world = worldOfFile({ env: { IDENTITY_VERIFIERS: `mfc_77_1=${HOUSE}` } })
let person: Leaver
beforeAll(async () => {
  person = await leaver(world)
  const { store } = world.house
  await store.db.deleteFrom('webauthn_credentials').where('oid', '=', person.oid).execute()
  await everyEvidence()
  await everyRequest()
  await everyChange()
  await everyMessage()
  await someEvents()
  await store.script(
    `insert into consents (oid, client_id, scopes, claims, resources, granted_at, expires_at)
      select oid, 'gone_for_good', scopes, claims, resources, granted_at, expires_at from consents where oid = $1 limit 1`,
    [person.oid],
  )
}, 120_000)

async function everyEvidence(): Promise<void> {
  const { store, identityRecords, ownerNotices } = world.house
  const owner = await ownerNotices.ownerOf(person.oid)
  await store.tx((tx) =>
    identityRecords.change(tx, owner, { cause: 'proven', actor: 'cli', origin: '' }, async (record) => {
      await record.setPerson({ citizenship: 'RUS', familyName: 'Прощалкина-Вторая' })
      await record.putAddress({ kind: 'actual', postcode: '661366', text: 'выселки Новые' })
      for (const kind of Object.keys(evidenceKinds) as (keyof typeof evidenceKinds)[])
        await record.prove({
          kind,
          verifier: kind === 'registry' ? 'registry.snils' : kind === 'letter' ? 'letter' : 'mfc_77_1',
          covers: ['person', 'snils', 'inn', 'address', 'document'],
          documentKind: 'passport_rf',
          samePerson: true,
          details: { record_number: 'Запись 7' },
        })
    }),
  )
}

/** One of each kind in each state, with the steps and reasons that there are. */
async function everyRequest(): Promise<void> {
  const { db } = world.house.store
  await db.deleteFrom('request_steps').where('oid', '=', person.oid).execute()
  await db.deleteFrom('requests').where('oid', '=', person.oid).execute()
  const at = new Date()
  const reasons = JSON.stringify(['document.name_differs', 'snils.suspended', 'registry.slow'])
  const ended = requestStates.filter((state) => state !== 'checking' && state !== 'waiting')
  const kinds = requestKinds.filter((kind) => kind !== 'name')
  const wanted = kinds.flatMap((kind) =>
    [...ended, kind === 'letter' ? ('waiting' as const) : ('checking' as const)].map((state) => ({ kind, state })),
  )
  for (const [n, { kind, state }] of wanted.entries()) {
    const row = { oid: person.oid, id: randomUUID(), kind, state, reasons, origin: 'test', payload: null, try_at: null }
    await db
      .insertInto('requests')
      .values({ ...row, number: String(4_711_471_000 + n), created_at: at, changed_at: at, due_at: at })
      .execute()
    for (const step of ['opened', 'delayed', 'letter_sent', 'wrong_code', state].filter((one) => one !== 'waiting'))
      await db
        .insertInto('request_steps')
        .values({ oid: person.oid, request: row.id, step: step === 'checking' ? 'opened' : step, reasons, at })
        .execute()
  }
  // As it is typed, with a proposal that is still kept.
  const owner = await world.house.ownerNotices.ownerOf(person.oid)
  const opened = await world.house.requests.open(owner, {
    kind: 'name',
    proposal: {
      person: { givenName: 'Остаислава', patronymic: '', gender: 'male', citizenship: 'KAZ', birthDate: '1971-03-18' },
      document: { ...owner.account.documents[0]!.document, number: '661367' } as never,
      address: { kind: 'registered', postcode: '661366', text: 'выселки Предложенные' },
    },
    origin: 'test',
  })
  expect(opened.ok).toBe(true)
}

async function everyChange(): Promise<void> {
  const { delayedChanges, ownerNotices, store } = world.house
  const owner = await ownerNotices.ownerOf(person.oid)
  for (const kind of ['authenticator.remove', 'contact.change', 'password.reset', 'incident.undo', 'account.close'])
    await store.tx((tx) => delayedChanges.schedule(tx, owner, { kind, payload: {}, origin: 'test' }))
}

/** Every message that there can be, in every state. */
async function everyMessage(): Promise<void> {
  const ways = ['sms', 'voice', 'mail', 'post'] as const
  const states = ['waiting', 'sent', 'expired', 'refused'] as const
  const rows = (await messageKinds()).map((kind, n) => ({
    oid: person.oid,
    id: randomUUID(),
    channel: ways[n % 4]!,
    kind,
    recipient: null,
    body: null,
    created_at: new Date(),
    expires_at: new Date(Date.now() + 1e9),
    state: states[(n >> 2) % 4]!,
    settled_at: null,
  }))
  await world.house.store.db.insertInto('messages').values(rows).execute()
}

async function messageKinds(): Promise<string[]> {
  const texts = [...(await readSources('src', 'messages.ru.ts'))].filter(([path]) => !path.startsWith('sandbox/'))
  const named = texts.flatMap(([, text]) => [...text.matchAll(/'message\.(\w+)/g)].map(([, kind]) => kind!))
  expect(named.length).toBeGreaterThan(100)
  return [...new Set(['letter', ...named])]
}

async function someEvents(): Promise<void> {
  const { journal } = world.house
  const account = person.oid
  await journal.note(accountSuspected({ account, actor: 'cli', reason: 'Причина' }))
  await journal.note(changeScheduled({ account, kind: 'authenticator.remove', origin: 'test' }))
  await journal.note(
    dataReleased({
      account,
      client: 'gone_for_good',
      claims: 'family_name verified_claims.snils',
      channel: 'id_token',
    }),
  )
  await journal.note(
    levelChanged({
      account,
      before: 'standard',
      after: 'verified',
      cause: 'proven',
      evidence: '',
      lacks: 'proof_again core_change',
    }),
  )
}

describe.each(locales)('the page in %s', (locale) => {
  let shown: string[]
  let values: string
  beforeAll(async () => {
    world.travel(61)
    await world.forgetAttempts()
    const mine = world.browser({ locale })
    await enterCabinet(world, person, EXPORT, mine)
    await mine.submit({ format: 'page' }, EXPORT)
    expect(world.view).toBe('cabinet/leaving/export-readable')
    shown = [...mine.page.html.matchAll(/<(dt|dd|h2)[^>]*>\s*([\s\S]*?)\s*<\/\1>/g)].map(([, , text]) => text!)
    values = shown.join('\n').replaceAll('\u00a0', ' ')
  }, 120_000)

  test('shows no code', () => {
    expect(shown.length).toBeGreaterThan(400)
    const codes = values.replaceAll(person.email, '').match(/(?<![\p{L}\d@])[a-z]+(?:[_.][a-z0-9]+)+(?![\p{L}\d@])/gu)
    // Its name is gone with it.
    expect([...new Set(codes ?? [])]).toEqual(['gone_for_good'])
    expect(values).not.toMatch(/\{|\}|\[object|undefined|null/)
    expect(world.logLines.filter((line) => line.includes('text missing'))).toEqual([])
  })

  test('shows dates, numbers and names as they are customarily written', () => {
    for (const text of ['17.03.1971', '14.05.2012', '661-300-661 77', '661-013', '4711 471 000', HOUSE, 'Запись 7'])
      expect(values).toContain(text)
    expect(values).toContain(locale === 'ru' ? 'Соцвыплаты онлайн' : 'Social benefits online')
    expect(values.replaceAll(CONSENT_VERSION, '')).not.toMatch(/\b\d{4}-\d\d-\d\d\b|\bRUS\b|\bKAZ\b|mfc_77_1/)
  })

  test('shows what a request asks for and what was before, whole', () => {
    for (const text of ['Остаислава', 'выселки Предложенные', '661367', 'Прощалкина-Вторая', '18.03.1971'])
      expect(values).toContain(text)
  })
})
