import { makeClashNotice } from '#src/accounts/clash-notice.ts'
import type { IdentityDocument } from '#src/accounts/documents/document.ts'
import type { ClaimedKind } from '#src/accounts/identity/claims.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import { makeChecking } from '#src/proofing/checking.ts'
import { makeDrafts } from '#src/proofing/drafts.ts'
import { identityClashed } from '#src/proofing/events.ts'
import type { CheckedKind, Proposal } from '#src/proofing/request.ts'
import { makeRequests } from '#src/proofing/requests.ts'
import type { Registries, RegistryDocument } from '#src/registries/registries.ts'
import type { SandboxCitizen } from '#src/registries/sandbox/citizen.ts'
import { sandboxCitizens } from '#src/registries/sandbox-citizens.ts'
import { makeSandboxRegistries } from '#src/registries/sandbox-driver.ts'
import { makeThrottle } from '#src/throttle/throttle.ts'
import { startIdentityRig } from '#test/accounts/identity/rig.ts'

export type ProofingRig = Awaited<ReturnType<typeof startProofingRig>>
type Registry = 'person' | 'document' | 'snils' | 'inn' | 'address'
interface Asked {
  readonly registry: Registry
  readonly query: { readonly reference: string }
}

/**
 * Requests over the sandbox's registries and real records; nothing goes on by itself but by `work`. What registries are asked is written down,
 * and each of them can be replaced for a while.
 */
export async function startProofingRig() {
  const ground = await startIdentityRig({ start: '2026-11-23T09:00:00Z' })
  const { store, records, keyring, dataKeys, journal, clock, accounts, ownerNotices } = ground
  const faults: unknown[] = []
  const log = { warn: () => {}, error: (fields: object) => void faults.push(fields) }
  const sandbox = makeSandboxRegistries({ clock, log: { warn: () => {}, error: () => {} } })
  const asked: Asked[] = []
  const replaced: { -readonly [R in keyof Registries]?: Registries[R] } = {}
  const registries = new Proxy(sandbox, {
    get: (target, registry: Registry) => async (query: Asked['query']) => {
      asked.push({ registry, query })
      return (replaced[registry] ?? target[registry])(query as never)
    },
  })
  const throttle = makeThrottle({ store, clock })
  const clashNotice = makeClashNotice<ClaimedKind>({
    accounts: records,
    ownerNotices,
    journal,
    throttle,
    event: identityClashed,
    message: 'identity_clashed',
  })
  const common = { store, records, keyring, dataKeys, journal, clock }

  /** Another call is another process on the same database. @param around what happens right before and after its transactions */
  function process({ before, after }: { readonly [W in 'before' | 'after']?: () => Promise<unknown> } = {}) {
    const slowed: typeof store = {
      ...store,
      async tx(work) {
        await before?.()
        const result = await store.tx(work)
        await after?.()
        return result
      },
    }
    const checking = makeChecking({ ...common, accounts, registries, ownerNotices, clashNotice, log })
    return makeRequests({ ...common, store: slowed, ownerNotices, checking, wake: () => {} })
  }
  const requests = process()

  async function open(oid: AccountId, kind: CheckedKind, proposal: Proposal = {}) {
    return requests.open(await ownerNotices.ownerOf(oid), { kind, proposal, origin: 'session-1' })
  }

  return {
    ...ground,
    requests,
    process,
    drafts: makeDrafts(common),
    asked,
    replaced,
    /** Faults of ours: what was logged as one. */
    faults,
    open,
    /** Opens it, lets it be worked on once, and tells how it stands. @throws Error when it is not opened */
    async check(oid: AccountId, kind: CheckedKind, proposal: Proposal = {}) {
      const opened = await open(oid, kind, proposal)
      if (!opened.ok) throw new Error(`not opened: ${opened.why}`)
      await requests.workDue()
      return (await requests.find(oid, opened.request.id))!
    },
    owner: (oid: AccountId) => ownerNotices.ownerOf(oid),
    account: (oid: AccountId) => accounts.read(oid),
    /** Forgets what was counted. */
    async rested() {
      await store.db.deleteFrom('throttles').execute()
      await store.db.deleteFrom('proofing_tries').execute()
    },
    stop: ground.stop,
  }
}

export function citizen(code: string): SandboxCitizen {
  const found = sandboxCitizens.find((one) => one.code === code)
  if (!found) throw new Error(`there is no citizen ${code}`)
  return found
}

/** What the account of a citizen of the sandbox is registered with. */
export function registeredAs(code: string) {
  const { name, birthDate, gender } = citizen(code)
  return { ...name, birthDate, gender }
}

/** SNILS and document, as the citizen types them. */
export function identityOf(code: string): Proposal & { readonly document: IdentityDocument } {
  const { snils, document } = citizen(code)
  return { ...(snils !== undefined && { snils }), document: typed(document!) }
}

/** What registries are not told of is made up. */
function typed(document: RegistryDocument): IdentityDocument {
  const [issuer, birthPlace] = ['МВД по Заречной области', 'г. Приозёрск-на-Каме']
  switch (document.kind) {
    case 'passport_rf':
      return { ...document, issuer, birthPlace }
    case 'foreign_passport':
      return { ...document, familyName: 'Akhmetova', givenName: 'Aigerim' }
    case 'temporary_certificate':
      return { ...document, issuer }
    case 'residence_permit': {
      const { series, validUntil, ...rest } = document
      return {
        ...rest,
        issuer,
        ...(series !== undefined && { series }),
        ...(validUntil !== undefined && { validUntil }),
      }
    }
  }
}
