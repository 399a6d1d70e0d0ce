import type { Account } from '#src/accounts/account.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { Drafts, Requests } from '#src/proofing/proofing.ts'
import type { ProofingRequest, RequestKind } from '#src/proofing/request.ts'
import { type Answers, answersOf } from './answers.ts'

export const IDENTITY = '/account/identity'
export const REQUESTS = '/account/requests'

/** What is typed together, kept as one draft, and sent as one request. */
export const subjects = {
  core: {
    draft: 'identity',
    check: `${IDENTITY}/check`,
    kinds: ['identity', 'document', 'name', 'birth_date', 'recheck'],
  },
  inn: { draft: 'inn', check: `${IDENTITY}/inn/check`, kinds: ['inn'] },
  address: { draft: 'address', check: `${IDENTITY}/address/check`, kinds: ['address'] },
  actualAddress: { draft: 'actual_address', check: `${IDENTITY}/actual-address/check`, kinds: ['address'] },
} as const satisfies Record<string, { draft: string; check: string; kinds: readonly RequestKind[] }>
export type Subject = keyof typeof subjects

/**
 * INN and address are found by name and birth date, which namesakes share, and registries would tell a stranger of them: they are asked about
 * only for somebody whose SNILS is confirmed, or does without one.
 */
export function isEarly(subject: Subject, { identity }: Pick<Account, 'identity'>): boolean {
  return (subject === 'inn' || subject === 'address') && identity.lacks.includes('snils')
}

/** So many of the newest requests are looked through for what became of a subject. */
const LOOKED_THROUGH = 30

/** Where a subject stands. */
export interface Standing {
  /** What its pages show: the draft, else what was refused last and can be corrected. */
  readonly answers: Answers
  readonly drafted: boolean
  /** The newest that was not withdrawn. */
  readonly request: ProofingRequest | undefined
}

export interface Subjects {
  standing(account: Pick<Account, 'oid' | 'person'>, subject: Subject): Promise<Standing>
  save(oid: AccountId, subject: Subject, answers: Answers): Promise<void>
  drop(oid: AccountId, subject: Subject): Promise<void>
}

export function makeSubjects({ drafts, requests }: { drafts: Drafts; requests: Requests }): Subjects {
  /** One kind of request serves both addresses; only one of them at a time can be on its way, and only the registered one refused. */
  async function isAbout(subject: Subject, { oid, id, kind, state }: ProofingRequest): Promise<boolean> {
    if (!(subjects[subject].kinds as readonly RequestKind[]).includes(kind) || state === 'withdrawn') return false
    if (kind !== 'address') return true
    const address = (await requests.proposalOf(oid, id))?.address
    return (address?.kind ?? 'registered') === (subject === 'address' ? 'registered' : 'actual')
  }

  return {
    async standing({ oid, person }, subject) {
      const [answers, list] = await Promise.all([
        drafts.read(oid, subjects[subject].draft),
        requests.list(oid, { limit: LOOKED_THROUGH }),
      ])
      let request: ProofingRequest | undefined
      for (const one of list) if (!request && (await isAbout(subject, one))) request = one
      if (Object.keys(answers).length > 0) return { answers, drafted: true, request }
      const refused = request?.state === 'refused' ? await requests.proposalOf(oid, request.id) : undefined
      return { answers: refused ? answersOf(refused, person) : {}, drafted: false, request }
    },
    save: (oid, subject, answers) => drafts.save(oid, subjects[subject].draft, answers),
    drop: (oid, subject) => drafts.drop(oid, subjects[subject].draft),
  }
}

/** Which subject a request is about; a letter has none. */
export function subjectOf({ kind }: Pick<ProofingRequest, 'kind'>): Subject | undefined {
  const names = Object.keys(subjects) as Subject[]
  return names.find((name) => (subjects[name].kinds as readonly RequestKind[]).includes(kind))
}
