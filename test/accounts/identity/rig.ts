import { randomBytes } from 'node:crypto'
import { pino } from 'pino'
import { makeAccounts } from '#src/accounts/accounts.ts'
import type { PassportRf } from '#src/accounts/documents/document.ts'
import type { ChangeReason } from '#src/accounts/identity/history.ts'
import { makeLevelEnds } from '#src/accounts/identity/level-ends.ts'
import { makeLevelNotices } from '#src/accounts/identity/level-notices.ts'
import { makeLevelTold } from '#src/accounts/identity/level-told.ts'
import type { RecordChange } from '#src/accounts/identity/record-change.ts'
import { makeIdentityRecords } from '#src/accounts/identity/records.ts'
import { makeNotMe } from '#src/accounts/not-me.ts'
import { makeOwnerNotices } from '#src/accounts/owner-notices.ts'
import type { Person } from '#src/accounts/person.ts'
import { makeSettings } from '#src/accounts/settings.ts'
import { allTexts } from '#src/all-texts.ts'
import { makeJournal } from '#src/journal/journal.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { Message } from '#src/notifications/outbox.ts'
import { makeDataKeys } from '#src/store/keyring.ts'
import { handClock, type OpenedStore, openedStore } from '#test/store/opened.ts'

export type IdentityRig = Awaited<ReturnType<typeof startIdentityRig>>

export const REASON: ChangeReason = { cause: 'reconciled', actor: 'registry', origin: 'session-1' }
/** Made up: there is no region 00. */
export const PASSPORT: PassportRf = {
  kind: 'passport_rf',
  series: '0010',
  number: '999001',
  issuedOn: '2010-05-04',
  issuer: 'ОВД города Приозёрска',
  departmentCode: '000001',
  birthPlace: 'город Приозёрск',
}

/** Records of people on a database of their own, with everything real but the outbox, which is a list, and the clock. */
export async function startIdentityRig({ start }: { start?: string } = {}) {
  const opened: OpenedStore = await openedStore()
  const { store, keyring } = opened
  const clock = handClock(start)
  const sent: Message[] = []
  const outbox = { add: async (_tx: unknown, message: Message) => void sent.push(message) }
  const log = pino({ level: 'silent' })
  const dataKeys = makeDataKeys(store.db, keyring)
  const accounts = makeAccounts({ store, keyring, dataKeys, clock, policy: { foreignDocuments: false } })
  const settings = makeSettings({ store, clock })
  const notMe = makeNotMe({ store, clock, issuer: new URL('https://id.example.ru') })
  const ownerNotices = makeOwnerNotices({ accounts, settings, notMe, outbox })
  const journal = makeJournal({ store, keyring, dataKeys, clock, retentionDays: 365 })
  const services = { of: async () => [], take: async () => [] }
  const translate = allTexts(log).translator
  const levelNotices = makeLevelNotices({ store, accounts, ownerNotices, services, translate, clock, log })
  const levelTold = makeLevelTold({ journal, levelNotices })
  const records = makeIdentityRecords({ store, accounts, keyring, dataKeys, levelTold, journal, clock })
  const levelEnds = makeLevelEnds({ store, accounts, ownerNotices, levelTold, clock, log })
  let people = 0

  async function change<T>(oid: AccountId, work: (record: RecordChange) => Promise<T>, reason = REASON): Promise<T> {
    const owner = await ownerNotices.ownerOf(oid)
    return store.tx((tx) => records.change(tx, owner, reason, work))
  }

  return {
    store,
    keyring,
    dataKeys,
    clock,
    log,
    sent,
    accounts,
    ownerNotices,
    journal,
    records,
    levelEnds,
    levelNotices,
    /** Lets levels settle, so that their owners hear of them. */
    async settled() {
      clock.pass(20)
      await levelNotices.tellDue()
    },
    change,
    /** @returns the number of a new account */
    async person(values: Partial<Person> = {}): Promise<AccountId> {
      const n = ++people
      return store.tx(async (tx) => {
        const made = await accounts.create(tx, {
          person: {
            familyName: 'Ветрова',
            givenName: 'Ольга',
            birthDate: '1990-04-12',
            gender: 'female',
            ...values,
          },
          phone: `+7916${1_000_000 + n}`,
          consentVersion: '1',
          dataKey: randomBytes(32),
        })
        if (!made.ok) throw new Error('taken')
        return made.oid
      })
    },
    /** SNILS and passport as if registries had confirmed them. */
    reconciled: (oid: AccountId, snils: string, passport: PassportRf = PASSPORT, until?: Date) =>
      change(oid, async (record) => {
        if (!(await record.claimSnils(snils))) throw new Error('SNILS taken')
        if (!(await record.putDocument(passport, passport.number))) throw new Error('passport taken')
        await record.prove({ kind: 'registry', covers: ['person', 'snils'], verifier: 'registry.snils' })
        await record.prove({
          kind: 'registry',
          covers: ['person', 'document'],
          documentKind: 'passport_rf',
          verifier: 'registry.document',
          ...(until && { until }),
        })
      }),
    seenAtCentre: (oid: AccountId) =>
      change(oid, (record) => record.prove({ kind: 'centre', covers: ['person'], verifier: 'centre:1' }), {
        cause: 'proven',
        actor: 'operator',
        origin: '',
      }),
    levelOf: async (oid: AccountId) => (await accounts.read(oid)).identity.level,
    events: async (oid: AccountId, type?: string) =>
      (await journal.read(oid, { limit: 200 })).filter((event) => type === undefined || event.type === type),
    told: (oid: AccountId) => sent.filter((message) => message.oid === oid).map(({ kind }) => kind),
    stop: () => opened.close(),
  }
}
