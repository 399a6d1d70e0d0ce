import type { IdentityDocument } from '#src/accounts/documents/document.ts'
import type { World } from '../world.ts'

const address = {
  kind: 'registered',
  postcode: '771377',
  text: 'Меченая губерния, слобода Тамгово, дом 7713',
} as const
const passport = {
  kind: 'passport_rf',
  series: '7713',
  number: '771377',
  issuedOn: '2012-05-14',
  issuer: 'Отметочный отдел Клеймовска',
  departmentCode: '771013',
  birthPlace: 'село Меченое Тавро',
} as const satisfies IdentityDocument
const SNILS = '77130077167'
const INN = '981300771377'
const FORMER_PLACE = 'село Прежнее Тавро'
const DETAILS = 'Меченая запись реестра'
const DRAFTED = 'Меченый черновик отдела'

/** A person of whom everything is on record, with a letter on its way; and one whose request nobody answers. @returns what must not be seen */
export async function identities(world: World): Promise<Record<string, string>> {
  const person = await world.citizen()
  const { store, identityRecords, ownerNotices, letters, drafts } = world.house
  const reason = { cause: 'reconciled', actor: 'registry', origin: '' }
  const owner = await ownerNotices.ownerOf(person.oid)
  await store.tx((tx) =>
    identityRecords.change(tx, owner, reason, async (record) => {
      await record.setPerson({ birthPlace: FORMER_PLACE, inn: INN })
      await record.setPerson({ birthPlace: passport.birthPlace })
      await record.claimSnils(SNILS)
      await record.putDocument(passport, `passport_rf ${passport.series}${passport.number}`)
      await record.putAddress(address)
      const proof = { kind: 'registry', documentKind: passport.kind, verifier: 'registry' } as const
      await record.prove({ ...proof, covers: ['person', 'snils', 'document', 'address'], details: { note: DETAILS } })
    }),
  )
  const ordered = await letters.order(await ownerNotices.ownerOf(person.oid), 'session-1')
  if (!ordered.ok) throw new Error(`the letter is not ordered: ${ordered.why}`)
  await drafts.save(person.oid, 'document', { issuer: DRAFTED })
  return {
    snils: SNILS,
    inn: INN,
    passport: `${passport.series}${passport.number}`,
    issuer: passport.issuer,
    birthPlace: passport.birthPlace,
    formerBirthPlace: FORMER_PLACE,
    address: address.text,
    registryDetails: DETAILS,
    draftedIssuer: DRAFTED,
    ...(await unanswered(world)),
  }
}

/** The registry of documents is down for this one: what was typed waits. */
async function unanswered(world: World): Promise<Record<string, string>> {
  const person = await world.citizen()
  const { requests, ownerNotices } = world.house
  const document = { ...passport, number: '771388', issuer: 'Безответный отдел Тамгова' }
  const opened = await requests.open(await ownerNotices.ownerOf(person.oid), {
    kind: 'identity',
    proposal: { snils: '90000040396', document },
    origin: 'session-1',
  })
  if (!opened.ok) throw new Error(`the request is not opened: ${opened.why}`)
  return { waitingSnils: '90000040396', waitingPassport: document.number, waitingIssuer: document.issuer }
}
