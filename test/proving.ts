import type { CoveredGroup } from '#src/accounts/identity/evidence.ts'
import type { Citizen, World } from './world.ts'

const passport = {
  kind: 'passport_rf',
  series: '4510',
  number: '123456',
  issuedOn: '2010-05-03',
  issuer: 'ОВД района Тёплый Стан',
  departmentCode: '770011',
  birthPlace: 'Тверь',
} as const

const address = { kind: 'registered', postcode: '420111', text: 'г. Казань, ул. Баумана, д. 1' } as const

let people = 0

/** Puts on record what a reconciliation would, and for `verified` a service centre. @returns the SNILS */
export async function prove(world: World, { oid }: Citizen, level: 'standard' | 'verified'): Promise<string> {
  const { store, identityRecords, ownerNotices } = world.house
  const owner = await ownerNotices.ownerOf(oid)
  const n = ++people
  const snils = String(90_000_000_000 + n)
  const covering = (covers: readonly CoveredGroup[]) => ({ covers, documentKind: passport.kind })
  await store.tx((tx) =>
    identityRecords.change(tx, owner, { cause: 'reconciled', actor: 'registry', origin: '' }, async (record) => {
      await record.claimSnils(snils)
      await record.putDocument(passport, `passport ${n}`)
      const registry = { kind: 'registry', verifier: 'state_registries' } as const
      await record.setPerson({ inn: '500100732259' })
      await record.putAddress(address)
      await record.prove({ ...registry, ...covering(['person', 'snils', 'document']) })
      await record.prove({ ...registry, covers: ['person', 'inn', 'address'] })
      if (level === 'verified')
        await record.prove({ kind: 'centre', verifier: 'mfc_77_1', ...covering(['person', 'document']) })
    }),
  )
  return snils
}

/** Another name, which nothing on record proves: the level is gone. */
export async function unprove(world: World, { oid }: Citizen): Promise<void> {
  const { store, identityRecords, ownerNotices } = world.house
  const owner = await ownerNotices.ownerOf(oid)
  await store.tx((tx) =>
    identityRecords.change(tx, owner, { cause: 'owner', actor: 'owner', origin: '' }, (record) =>
      record.setPerson({ familyName: 'Другова' }),
    ),
  )
}
