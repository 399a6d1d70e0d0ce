import { z } from 'zod'
import type { AccountAdministration } from '#src/accounts/administration.ts'
import type { QuotedProofs } from '#src/oidc/verified-claims/quoted.ts'
import { actor, reason } from './account-named.ts'
import { one, parseWordAndOptions, table } from './command.ts'

export interface QuotedProofDeps {
  readonly quotedProofs: QuotedProofs
  readonly administration: Pick<AccountAdministration, 'reveal'>
}

const Quoted = z.strictObject({ reason, client: one(z.string().min(1)).optional() })

/** Whose proof it is is told to nobody without a reason, which the owner sees in the journal. */
export async function proof(
  { quotedProofs, administration }: QuotedProofDeps,
  args: readonly string[],
): Promise<string> {
  const { word, options } = parseWordAndOptions('what the relying party quotes', Quoted, args)
  const found = await quotedProofs.find(word, options.client)
  if (!found)
    throw new Error(
      `there is no proof ${word}${options.client === undefined ? '; a client with pairwise subjects has to be named by --client' : ''}`,
    )
  const { oid, id, kind, verifier, covers, at, until } = found
  await administration.reveal(oid, { actor, reason: options.reason })
  return table([
    ['account', String(oid)],
    ['proof', id],
    ['kind', kind],
    ['verifier', verifier],
    ['covers', covers.join(', ')],
    ['at', at.toISOString()],
    ...(until ? [['until', until.toISOString()]] : []),
  ])
}
