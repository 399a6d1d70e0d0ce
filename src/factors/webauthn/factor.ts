import type { Accounts } from '#src/accounts/accounts.ts'
import type { OwnerNotices } from '#src/accounts/owner-notices.ts'
import type { Answer, Authenticator, Factor, LoginView, Outcome } from '#src/factors/factor.ts'
import type { Journal } from '#src/journal/journal.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { DefinedError } from '#src/kernel/errors.ts'
import { type AccountId, NOBODY, ticketHash } from '#src/kernel/ids.ts'
import type { Locale } from '#src/kernel/locale.ts'
import type { DataKeys, Keyring } from '#src/store/keyring.ts'
import type { Store } from '#src/store/store.ts'
import { readAssertion } from './answers.ts'
import { checkAssertion, type Flags } from './ceremony.ts'
import { makeChallenges } from './challenges.ts'
import { decoy } from './decoy.ts'
import { makeWebauthnEnrolment } from './enrolment.ts'
import { webauthnErrors } from './errors.ts'
import { webauthnCopied } from './events.ts'
import { requestOptions } from './options.ts'
import { type Credential, makeCredentials } from './store.ts'
import { proven, worthOf } from './worth.ts'

/** An answer that held, still to be kept. */
interface Proof {
  readonly id: string
  readonly said: Flags
  /** When its challenge was made. */
  readonly askedAt: Date
}

const refused = (error: DefinedError) => ({ ok: false, error }) as const

/** Passkeys and hardware keys (R-B4, WebAuthn level 3): a further factor, or a whole sign-in without an identifier. */
export function makeWebauthn(deps: {
  store: Store
  keyring: Keyring
  dataKeys: DataKeys
  clock: Clock
  accounts: Accounts
  journal: Pick<Journal, 'record'>
  ownerNotices: OwnerNotices
  issuer: URL
  relatedOrigins: readonly string[]
  brandName: Readonly<Record<Locale, string>>
}): Factor {
  const { store, keyring, clock, accounts, journal, ownerNotices, issuer, relatedOrigins, brandName: name } = deps
  const site = { id: issuer.hostname, name, origins: [issuer.origin, ...relatedOrigins] }
  const credentials = makeCredentials(deps)
  const challenges = makeChallenges({ store, key: keyring.key('webauthn'), clock })
  const usable = async (oid: AccountId) => (await credentials.of(oid)).filter(({ copied }) => !copied)

  const purposeOf = ({ uid, oid, opening }: LoginView) =>
    opening ? `open:${ticketHash(uid)}` : `factor:${ticketHash(uid)}:${oid}`

  /** A key that somebody found must not open an account by itself, nor count for what hardware shall prove. */
  const mustVerifyUser = ({ opening, wanted }: LoginView) => opening === true || wanted === 'aal3'

  const optionsFor = (login: LoginView, allowed: readonly Credential[]) =>
    requestOptions(site, challenges.make(purposeOf(login)), {
      allowed,
      userVerification: mustVerifyUser(login) ? 'required' : 'preferred',
    })

  /** The key of the account that an answer names; the same look-up where there is none. */
  async function keyOf(oid: AccountId | undefined, credentialId: string, userHandle: string | undefined) {
    const id = credentials.idOf(credentialId)
    const key = (await credentials.of(oid ?? NOBODY)).find((one) => one.id === id)
    return key && (userHandle === undefined || userHandle === key.userHandle) ? key : undefined
  }

  /** The counter went back: two keys answer to one name, and nobody can tell which of them is the owner's. */
  async function suspect(oid: AccountId, id: string): Promise<Outcome> {
    const owner = await ownerNotices.ownerOf(oid)
    await store.tx(async (tx) => {
      if (!(await credentials.markCopied(tx, oid, id))) return
      await journal.record(tx, webauthnCopied({ account: oid, authenticator: id }))
      await ownerNotices.tell(tx, owner, { kind: 'webauthn_copied', values: {} })
    })
    return refused(webauthnErrors.copied)
  }

  function listed({ id, name, addedAt, copied, ...judged }: Credential): Authenticator {
    return {
      kind: 'webauthn',
      id,
      addedAt,
      ...(name !== undefined && { name }),
      ...(copied && { warning: 'webauthn.copy_warning' }),
      worth: worthOf(judged),
    }
  }

  return {
    kind: 'webauthn',
    proof: 'possession',
    opens: false,
    unguessable: true,
    best: worthOf({ synced: false, userVerified: true }),
    fields: ['credential'],
    worths: async (oid) => (await usable(oid)).map(worthOf),
    authenticators: async (oid) => (await credentials.of(oid)).map(listed),
    async begin(login) {
      const options = optionsFor(login, login.oid === undefined ? [] : await usable(login.oid))
      return { view: 'factors/webauthn/prove', model: { options: JSON.stringify(options) } }
    },
    opening: {
      ask: (login) => optionsFor(login, []),
      async names(_login: LoginView, answer: Answer) {
        const assertion = readAssertion(answer.credential)
        const id = credentials.idOf(assertion?.id ?? '')
        const oid = await credentials.ownerOf(id)
        // Discoverable keys say whose they are, and an account is opened by no others (section 7.2, step 6).
        const handle = assertion?.response.userHandle ?? ''
        const key = await keyOf(oid, assertion?.id ?? '', handle)
        return { oid: key && oid, subject: `webauthn:${id}` }
      },
    },
    async verify(login, answer) {
      const assertion = readAssertion(answer.credential)
      if (!assertion) return refused(webauthnErrors.unanswered)
      const askedAt = await challenges.spend(assertion.challenge, purposeOf(login))
      if (!askedAt) return refused(webauthnErrors.expired)
      const key = await keyOf(login.oid, assertion.id, assertion.response.userHandle)
      const said = await checkAssertion(site, assertion, key ?? decoy)
      // The BE flag is for ever (section 6.1.3): another one means another authenticator.
      if (!key || !said || said.synced !== key.synced) return refused(webauthnErrors.wrong)
      if (key.copied) return refused(webauthnErrors.copied)
      if (mustVerifyUser(login) && !said.userVerified) return refused(webauthnErrors.unverified)
      const proof: Proof = { id: key.id, said, askedAt }
      return { ok: true, proof }
    },
    async settle({ oid }, verdict) {
      const { id, said, askedAt } = verdict.proof as Proof
      if (await credentials.use(oid!, id, said)) return { ok: true, evidence: proven(said, clock.now(), id) }
      const still = (await credentials.of(oid!)).find((key) => key.id === id)
      if (!still) return refused(webauthnErrors.wrong)
      // Asked for before another answer was accepted: the two may have crossed on their way, as with two open pages (section 6.1.1).
      const crossed = still.usedAt !== undefined && askedAt <= still.usedAt
      return crossed ? refused(webauthnErrors.crossed) : suspect(oid!, id)
    },
    enrolment: makeWebauthnEnrolment({ store, credentials, challenges, accounts, site, clock }),
  }
}
