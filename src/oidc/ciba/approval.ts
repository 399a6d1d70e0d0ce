import type { Account } from '#src/accounts/account.ts'
import type { Accounts } from '#src/accounts/accounts.ts'
import type { Codes } from '#src/factors/code/codes.ts'
import type { Factor } from '#src/factors/factor.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { DefinedError, MessageValues } from '#src/kernel/errors.ts'
import type { Store } from '#src/store/store.ts'
import type { Clients } from '../clients/clients.ts'
import { type Asking, codeId, takesCode } from './asking.ts'
import type { Deciding } from './deciding.ts'
import { cibaErrors } from './errors.ts'
import type { CibaRequest, Decided } from './request.ts'
import type { CibaRequests } from './store.ts'

type Outcome<T = object> =
  | ({ readonly ok: true } & T)
  | { readonly ok: false; readonly error: DefinedError; readonly values?: MessageValues }

/** Decides on a request by the link and code of its message, without a sign-in: possession of the phone, worth `aal1`. */
export interface Approval {
  /** The request behind a ticket that can still be decided; its account and its client are active. */
  find(ticket: string): Promise<CibaRequest | undefined>
  /** Refusals: those of codes, and `ciba.gone`. */
  approve(
    request: CibaRequest,
    code: string,
    place: Parameters<Deciding['refuse']>[1],
  ): Promise<Outcome<{ readonly decided: Decided }>>
  again(request: CibaRequest): Promise<Outcome>
}

export function makeApproval(deps: {
  store: Store
  accounts: Accounts
  clients: Pick<Clients, 'find'>
  cibaRequests: Pick<CibaRequests, 'byTicket'>
  asking: Pick<Asking, 'again'>
  deciding: Pick<Deciding, 'approve'>
  codes: Codes
  /** The factor whose evidence a code sent to the phone is. */
  code: Pick<Factor, 'provenAtEnrolment'>
  clock: Clock
  mayBeCode: (account: Account) => Promise<boolean>
}): Approval {
  const { store, accounts, clients, cibaRequests, asking, deciding, codes, code, clock } = deps
  return {
    async find(ticket) {
      const request = await cibaRequests.byTicket(ticket)
      if (!request) return undefined
      const [account, client] = await Promise.all([accounts.find(request.oid), clients.find(request.clientId)])
      return account?.state === 'active' && client ? request : undefined
    },
    async approve(request, typed, place) {
      // Asked anew: the owner may have chosen a second factor, or an operator another realm, since the message.
      if (!takesCode(request) || !(await deps.mayBeCode(await accounts.read(request.oid))))
        return { ok: false, error: cibaErrors.gone }
      // Counts the try and commits before it compares.
      const verdict = await codes.verify(codeId(request), typed)
      if (!verdict.ok) return verdict
      const spent = await store.tx((tx) => codes.spend(tx, codeId(request), verdict))
      if (!spent.ok) return spent
      const decided = await deciding.approve(request, [code.provenAtEnrolment!(clock.now())], place)
      return { ok: true, decided }
    },
    async again(request) {
      if (!takesCode(request)) return { ok: false, error: cibaErrors.gone }
      const sent = await asking.again(request)
      return sent.ok ? { ok: true } : sent
    },
  }
}
