import { makeAccounts } from '#src/accounts/accounts.ts'
import { makeNotMe } from '#src/accounts/not-me.ts'
import { makeOwnerNotices } from '#src/accounts/owner-notices.ts'
import { makeSettings } from '#src/accounts/settings.ts'
import type { Enrolled, Factor } from '#src/factors/factor.ts'
import { makeWebauthn } from '#src/factors/webauthn/factor.ts'
import { systemClock } from '#src/kernel/clock.ts'
import { Secret } from '#src/kernel/secret.ts'
import { makeDataKeys, openKeyring } from '#src/store/keyring.ts'
import type { Citizen, World } from '../../world.ts'
import type { Ceremony, SoftKey } from './soft-key.ts'

/** The factor as the house of a world has it, for tests that ask it without pages. */
export async function factorOf(world: World, relatedOrigins: readonly string[] = []): Promise<Factor> {
  const { store, journal, outbox } = world.house
  const [id = '', key = ''] = world.keks.split(/:(.*)/s)
  const keyring = await openKeyring(store.db, [{ id, key: new Secret(key) }])
  const dataKeys = makeDataKeys(store.db, keyring)
  const clock = systemClock
  const notMe = makeNotMe({ store, clock, issuer: new URL(world.origin) })
  const accounts = makeAccounts({ store, keyring, dataKeys, clock, policy: { foreignDocuments: false } })
  const ownerNotices = makeOwnerNotices({ accounts, settings: makeSettings({ store, clock }), notMe, outbox })
  return makeWebauthn({
    store,
    keyring,
    dataKeys,
    clock,
    accounts,
    journal,
    ownerNotices,
    issuer: new URL(world.origin),
    relatedOrigins,
    brandName: { ru: 'Пропуск', en: 'Propusk' },
  })
}

const person = ({ oid }: Citizen, origin = 'a-session') => ({ oid, locale: 'ru', origin }) as const

/** The options that a page hands to the browser. */
export async function asked(
  factor: Factor,
  citizen: Citizen,
  origin?: string,
): Promise<Ceremony & { user: { id: string } }> {
  const { model } = await factor.enrolment!.begin(person(citizen, origin))
  return JSON.parse(String(model.options))
}

export function confirmed(
  factor: Factor,
  citizen: Citizen,
  answer: { credential: string; name?: string },
  origin?: string,
): Promise<Enrolled> {
  return factor.enrolment!.confirm(person(citizen, origin), answer, async () => {})
}

/** Enrols a key in one go. */
export async function enrol(factor: Factor, citizen: Citizen, key: SoftKey, name = ''): Promise<void> {
  const credential = key.create(await asked(factor, citizen))
  const outcome = await confirmed(factor, citizen, { credential, name })
  if (!outcome.ok) throw new Error(outcome.error.code)
}
