import { z } from 'zod'
import type { ApplyChange } from '#src/accounts/delayed-changes.ts'
import type { IdentityRecords } from '#src/accounts/identity/records.ts'
import type { PasswordChanging } from '#src/factors/password/changing.ts'

/** The kind of delayed change that a recovery with weak proof asks for. */
export const PASSWORD_RESET = 'password.reset'

const Payload = z.object({
  /** PHC string of the new password. */
  phc: z.string(),
  askedAt: z.string(),
  address: z.string(),
  device: z.string(),
})
export type PasswordReset = z.infer<typeof Payload>

/**
 * Puts a password in force that has waited for 72 hours without objection (R-D4), and suspends the identity level: the proof was weaker than
 * the account's own authenticators. A password that was set meanwhile stays: its owner is back in the account.
 */
export function makePasswordReset(deps: {
  changing: Pick<PasswordChanging, 'store'>
  identityRecords: Pick<IdentityRecords, 'change'>
}): ApplyChange {
  return async (tx, owner, payload, origin) => {
    const { phc, askedAt, address, device } = Payload.parse(payload)
    const { oid } = owner.account
    const current = await tx
      .selectFrom('passwords')
      .select('set_at')
      .where('oid', '=', oid)
      .forUpdate()
      .executeTakeFirst()
    if (current && current.set_at >= new Date(askedAt)) return false
    await deps.changing.store(tx, owner, phc, { way: 'recovery', origin, address, device })
    const reason = { cause: 'recovery', actor: 'owner', origin }
    await deps.identityRecords.change(tx, owner, reason, (record) => record.suspend())
    return true
  }
}
