/** PostgreSQL that goes away, comes up or is full (class 57P, 53300), a broken connection (class 08), and the system's words for it. */
const CODES = /^(08\w{3}|57P0\d|53300|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN)$/

/** What `pg` throws without a code. */
const MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed)/

/**
 * Whether a fault means that the database could not be reached or went away: nothing is wrong with the request, which can be repeated.
 * @param fault anything thrown; its causes count too
 */
export function isUnreachable(fault: unknown): boolean {
  if (!(fault instanceof Error)) return false
  const { code } = fault as { code?: unknown }
  return (typeof code === 'string' && CODES.test(code)) || MESSAGES.test(fault.message) || isUnreachable(fault.cause)
}
