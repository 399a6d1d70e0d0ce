import type pg from 'pg'
import { type Call, RoundTrip } from './round-trip.ts'
import type { Runner, Statement } from './statement.ts'

/**
 * Longer than any hot statement takes. Those that are joined wait for the ones before them: a connection that went dumb, without an end
 * that the system would tell of, must not hold up the whole process.
 */
const ANSWER_MS = 15_000

/**
 * Runs hot statements over a pool. What only reads and is asked for in one turn of the event loop goes together, in one round trip and
 * one transaction; whatever changes something has a round trip and a transaction of its own.
 * @param answerMs after this time without an answer the connection is given up, and with it what was sent: it may be stored or not
 */
export function makePipeline(pool: pg.Pool, answerMs = ANSWER_MS): Runner {
  let reads: Call[] = []

  function send(calls: readonly Call[]): void {
    pool.connect((fault, client, release) => {
      if (fault || !client) return failAll(calls, fault)
      let isOver = false
      const ended = (failed?: unknown): void => {
        if (isOver) return
        isOver = true
        clearTimeout(timer)
        // A statement that PostgreSQL refused leaves the connection as it was; anything else does not.
        release(failed !== undefined && !isRefusal(failed) ? (failed as Error) : undefined)
        if (failed === undefined) return
        // Rolled back together: alone, only the one at fault fails.
        if (calls.length > 1 && isRefusal(failed)) for (const call of calls) send([call])
        else failAll(calls, failed)
      }
      const timer = setTimeout(() => ended(unanswered()), answerMs)
      client.query(new RoundTrip(calls, ended))
    })
  }

  return {
    run: <Row>(statement: Statement, values: readonly unknown[]) =>
      new Promise<Row[]>((answer, fail) => {
        const call: Call = { statement, values, answer: answer as Call['answer'], fail }
        if (!statement.reads) return send([call])
        reads.push(call)
        if (reads.length > 1) return
        queueMicrotask(() => {
          const together = reads
          reads = []
          send(together)
        })
      }),
  }
}

/** By its code a fault of the connection, after which the request can be repeated. */
const unanswered = () => Object.assign(new Error('the database did not answer in time'), { code: 'ETIMEDOUT' })

function failAll(calls: readonly Call[], fault: unknown): void {
  for (const { fail } of calls) fail(fault)
}

/** Whether PostgreSQL, or we for it, refused one statement; after anything more severe it ends the connection. */
function isRefusal(fault: unknown): boolean {
  const { severity, code } = fault as { severity?: unknown; code?: unknown }
  return severity === 'ERROR' || (severity === undefined && code === '22P02')
}
