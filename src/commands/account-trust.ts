import type { AccountAdministration } from '#src/accounts/administration.ts'
import { Acting, actor, type FindDeps, findAccount, WHAT } from './account-named.ts'
import { parseWordAndOptions } from './command.ts'

interface TrustDeps extends FindDeps {
  readonly administration: Pick<AccountAdministration, 'suspect' | 'trust'>
}

const obstacles = {
  closed: 'is closed',
  suspected: 'is under suspicion already',
  trusted: 'is not under suspicion',
  unproven: 'has no proof of identity that counts: there is nothing to suspend',
} as const

export async function suspect(deps: TrustDeps, args: readonly string[]): Promise<string> {
  const { word, options } = parseWordAndOptions(WHAT, Acting, args)
  const { oid } = await findAccount(deps, word)
  const obstacle = await deps.administration.suspect(oid, { actor, reason: options.reason })
  if (obstacle) throw new Error(`${oid} ${obstacles[obstacle]}`)
  return `${oid} is not verified until its owner proves who they are again, or it is trusted again; its owner is told.\n`
}

export async function trust(deps: TrustDeps, args: readonly string[]): Promise<string> {
  const { word, options } = parseWordAndOptions(WHAT, Acting, args)
  const { oid } = await findAccount(deps, word)
  const obstacle = await deps.administration.trust(oid, { actor, reason: options.reason })
  if (obstacle) throw new Error(`${oid} ${obstacles[obstacle]}`)
  const { identity } = await deps.accounts.read(oid)
  return `${oid} is trusted again: its identity level is ${identity.level}.\n`
}
