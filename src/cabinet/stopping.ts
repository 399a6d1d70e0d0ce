import type { DelayedChanges } from '#src/accounts/delayed-changes.ts'
import type { Ctx } from '#src/http/context.ts'
import { type Entrance, type SignedIn, sensitive } from './entrance.ts'

export interface StoppingDeps {
  readonly entrance: Pick<Entrance, 'signedIn'>
  readonly delayedChanges: Pick<DelayedChanges, 'waiting' | 'stop'>
}

/**
 * Stops a change that waits, on any page that shows it. A thief who has the password alone must not stop the owner's way back again and
 * again, so it takes the strongest proof of the account; only the session that asked for the change takes it back as it is.
 * @param page where the form stands, for the way back from the sign-in
 * @returns false when the answer is the redirect to that sign-in
 * @throws AppError `cabinet.not_found` for what does not wait, or not for this account
 */
export async function stopWaiting(
  { entrance, delayedChanges }: StoppingDeps,
  ctx: Ctx,
  { oid, session, missing }: Pick<SignedIn, 'oid' | 'session' | 'missing'>,
  { id, page }: { id: string; page: string },
): Promise<boolean> {
  const change = (await delayedChanges.waiting(oid)).find((one) => one.id === id)
  if (!change) throw await missing('delayed_change')
  if (change.origin !== session && !(await entrance.signedIn(ctx, { ...sensitive, page }))) return false
  if (!(await delayedChanges.stop(oid, id))) throw await missing('delayed_change')
  return true
}
