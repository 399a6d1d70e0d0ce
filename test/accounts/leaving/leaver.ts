import type { IdentityDocument } from '#src/accounts/documents/document.ts'
import type { Person } from '#src/accounts/person.ts'
import { addApp, addRecoveryCodes } from '../../authenticators.ts'
import { inCabinet } from '../../cabinet/cabinet.ts'
import { enter as enterContactCode, proposed } from '../../cabinet/changing-contacts.ts'
import { enrol, factorOf } from '../../factors/webauthn/enrolled.ts'
import { SoftKey } from '../../factors/webauthn/soft-key.ts'
import { signedIn } from '../../signing-in.ts'
import type { Citizen, World } from '../../world.ts'

const person: Person = {
  familyName: 'Прощалкина',
  givenName: 'Уходислава',
  patronymic: 'Забвеньевна',
  birthDate: '1971-03-17',
  gender: 'female',
}
const passport = {
  kind: 'passport_rf',
  series: '6613',
  number: '661366',
  issuedOn: '2012-05-14',
  issuer: 'Забытый отдел Исчезновска',
  departmentCode: '661013',
  birthPlace: 'деревня Былое Небытово',
} satisfies IdentityDocument
const address = {
  kind: 'registered',
  postcode: '661366',
  text: 'Исчезнувшая губерния, выселки Минувшие, дом 6613',
} as const

/** Marked with words that stand nowhere else, by what they are. */
const values = {
  familyName: person.familyName,
  givenName: person.givenName,
  patronymic: person.patronymic!,
  birthDate: person.birthDate,
  phone: '+79266613001',
  email: 'ushla.66@byloe.example',
  snils: '66130066177',
  inn: '661300661366',
  passport: `${passport.series}${passport.number}`,
  issuer: passport.issuer,
  birthPlace: passport.birthPlace,
  formerBirthPlace: 'деревня Прежнее Небытово',
  address: address.text,
  details: 'Забытая запись реестра',
  draft: 'Забытый черновик отдела',
  device: 'ForgottenDevice/66.13 (Lethe)',
  appName: 'Забытый счётчик',
  keyName: 'Забытая отмычка',
  keptForm: 'Забытая настройка',
}

export type Leaver = Citizen & { readonly values: Readonly<Record<string, string>> }

/** Somebody with everything that an account can have, done through the pages where there are any. */
export async function leaver(world: World): Promise<Leaver> {
  const { store, identityRecords, ownerNotices, letters, drafts } = world.house
  const before = await world.citizen({ email: values.email })
  const { oid } = before
  const reason = { cause: 'reconciled', actor: 'registry', origin: '' }
  const owner = await ownerNotices.ownerOf(oid)
  await store.tx((tx) =>
    identityRecords.change(tx, owner, reason, async (record) => {
      await record.setPerson({ ...person, birthPlace: values.formerBirthPlace, inn: values.inn })
      await record.setPerson({ birthPlace: passport.birthPlace })
      await record.claimSnils(values.snils)
      await record.putDocument(passport, `passport_rf ${values.passport}`)
      await record.putAddress(address)
      const proof = { kind: 'registry', documentKind: passport.kind, verifier: 'registry' } as const
      const covers = ['person', 'snils', 'document', 'address'] as const
      await record.prove({ ...proof, covers, details: { note: values.details } })
    }),
  )
  await letters.order(await ownerNotices.ownerOf(oid), 'session-1')
  await drafts.save(oid, 'identity', { 'document.kind': passport.kind, 'document.issuer': values.draft })
  const browser = world.browser({ userAgent: values.device })
  await proposed(world, before, 'phone', values.phone, browser)
  await enterContactCode(world, browser, values.phone)
  const citizen = { ...before, phone: values.phone }
  await addApp(world, citizen, browser, values.appName)
  await addRecoveryCodes(world, citizen, browser)
  await signedIn(world, { party: await world.relyingParty(), citizen })
  await enrol(await factorOf(world), citizen, new SoftKey(world.origin), values.keyName)
  await keptForm(world, citizen)
  return { ...citizen, values }
}

/** A form that was sent when the session had ended. */
async function keptForm(world: World, citizen: Citizen): Promise<void> {
  const browser = await inCabinet(world, citizen, '/settings')
  await world.house.sessions.endAll(citizen.oid, { offline: 'kept', reason: 'test' })
  await browser.submit({ locale: values.keptForm }, '/settings')
}
