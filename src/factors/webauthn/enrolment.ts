import type { Accounts } from '#src/accounts/accounts.ts'
import type { Enrolling, Enrolment } from '#src/factors/factor.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { DefinedError, MessageValues } from '#src/kernel/errors.ts'
import type { Store } from '#src/store/store.ts'
import { readRegistration } from './answers.ts'
import { checkRegistration, type Site } from './ceremony.ts'
import type { Challenges } from './challenges.ts'
import { webauthnErrors } from './errors.ts'
import { creationOptions } from './options.ts'
import type { Credentials } from './store.ts'
import { proven } from './worth.ts'

const MOST_KEYS = 10

const refused = (error: DefinedError, values?: MessageValues) =>
  ({ ok: false, error, ...(values && { values }) }) as const

const purposeOf = ({ oid, origin }: Enrolling) => `enrol:${oid}:${origin}`

/** Keys come by a challenge that is good for this account and this session alone. */
export function makeWebauthnEnrolment(deps: {
  store: Store
  credentials: Credentials
  challenges: Challenges
  accounts: Pick<Accounts, 'read'>
  site: Site
  clock: Clock
}): Enrolment {
  const { store, credentials, challenges, accounts, site, clock } = deps
  return {
    fields: ['credential', 'name'],
    most: MOST_KEYS,
    async begin(person) {
      const { oid, locale } = person
      const [account, handle, excluded] = await Promise.all([
        accounts.read(oid),
        credentials.handleOf(oid),
        credentials.of(oid),
      ])
      const { givenName, familyName } = account.person
      // The number and not a contact: that is what stays, and what tells two accounts of a family apart.
      const user = { handle, name: String(oid), displayName: `${givenName} ${familyName}` }
      const challenge = challenges.make(purposeOf(person))
      const options = creationOptions(site, challenge, { rpName: site.name[locale], user, excluded })
      return { view: 'factors/webauthn/enrol', model: { options: JSON.stringify(options) } }
    },
    async confirm(person, answer, record) {
      const { oid, origin } = person
      const registration = readRegistration(answer.credential)
      if (!registration) return refused(webauthnErrors.unanswered)
      if (!(await challenges.spend(registration.challenge, purposeOf(person)))) return refused(webauthnErrors.expired)
      const made = await checkRegistration(site, registration)
      if (!made) return refused(webauthnErrors.wrong)
      const name = answer.name || undefined
      const id = credentials.idOf(made.credentialId)
      return store.tx(async (tx) => {
        const added = await credentials.add(tx, oid, { ...made, name, origin }, MOST_KEYS)
        if (added === 'too_many') return refused(webauthnErrors.too_many, { most: MOST_KEYS })
        if (added === 'taken') return refused(webauthnErrors.taken)
        const authenticator = { id, ...(name !== undefined && { name }) }
        await record(tx, authenticator)
        return { ok: true, evidence: proven(made, clock.now(), id), authenticator } as const
      })
    },
    rename: credentials.rename,
    remove: credentials.remove,
    undo: credentials.undo,
  }
}
