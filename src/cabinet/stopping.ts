import type { DelayedChanges } from '#src/accounts/delayed-changes.ts'
import type { SignedIn } from './entrance.ts'

/**
 * Stops a change that waits, on any page that shows it. A thief who has the password alone must not stop the owner's way back again and
 * again, so it takes the strongest proof of the account; only the session that asked for the change takes it back as it is.
 * @param prove asks for the `sensitive` need of the entrance; undefined when the answer is its redirect
 * @returns false when the answer is that redirect
 * @throws AppError `cabinet.not_found` for what does not wait, or not for this account
 */
export async function stopWaiting(
  delayedChanges: Pick<DelayedChanges, 'waiting' | 'stop'>,
  { oid, session, missing }: Pick<SignedIn, 'oid' | 'session' | 'missing'>,
  id: string,
  prove: () => Promise<SignedIn | undefined>,
): Promise<boolean> {
  const change = (await delayedChanges.waiting(oid)).find((one) => one.id === id)
  if (!change) throw await missing('delayed_change')
  if (change.origin !== session && !(await prove())) return false
  if (!(await delayedChanges.stop(oid, id))) throw await missing('delayed_change')
  return true
}
