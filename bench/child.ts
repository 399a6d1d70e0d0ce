import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import manifest from '../package.json' with { type: 'json' }

/** What a started child answers with. */
export interface Ready {
  /** Where it listens on 127.0.0.1; undefined for a child that only computes. */
  readonly port?: number
  /** Printed, so that a reader sees what was compared. */
  readonly configuration: Readonly<Record<string, unknown>>
}

/** One side of a comparison in a process of its own. */
export interface Child<R extends Ready = Ready> {
  readonly name: string
  readonly ready: R
  /** Node CPU (user and system, all threads of the process) since its start, in ms. */
  cpuMs(): Promise<number>
  /** Memory that the process holds, in MB. */
  rssMb(): Promise<number>
  /** Asks for a piece of work that the child offers. */
  ask<T>(work: string, input?: unknown): Promise<T>
  stop(): Promise<void>
}

interface Question {
  readonly id: number
  readonly work: string
  readonly input: unknown
}

type Reply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly fault: string }

/** Node runs here as `npm start` runs it, on either side. */
export const nodeFlags: readonly string[] = manifest.scripts.start.match(/--\S+/g) ?? []

const LAST_WORDS = 4_000

/** Starts a file of ours. Its log goes where a log costs nothing to keep, its complaints are shown if it fails. */
export async function startChild<R extends Ready>(file: URL, options: unknown): Promise<Child<R>> {
  const name = basename(file.pathname, '.ts')
  const child = fork(fileURLToPath(file), [], {
    execArgv: [...nodeFlags],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
  })
  let lastWords = ''
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-LAST_WORDS)
  })
  const asked = new Map<number, PromiseWithResolvers<unknown>>()
  child.on('message', (reply: Reply) => {
    const waiting = asked.get(reply.id)
    asked.delete(reply.id)
    if (reply.ok) waiting?.resolve(reply.value)
    else waiting?.reject(new Error(`${name}: ${reply.fault}`))
  })
  child.once('exit', (code, signal) => {
    for (const waiting of asked.values())
      waiting.reject(new Error(`${name} ended with ${code ?? signal}:\n${lastWords}`))
    asked.clear()
  })
  let questions = 0
  const ask = <T>(work: string, input?: unknown): Promise<T> => {
    if (!child.connected) return Promise.reject(new Error(`${name} is gone:\n${lastWords}`))
    const waiting = Promise.withResolvers<unknown>()
    const question: Question = { id: ++questions, work, input }
    asked.set(question.id, waiting)
    child.send(question)
    return waiting.promise as Promise<T>
  }
  const ready = await ask<R>('start', options).catch((error) => {
    child.kill()
    throw error
  })
  return {
    name,
    ready,
    cpuMs: () => ask<number>('cpu'),
    rssMb: () => ask<number>('rss'),
    ask,
    stop: () => stopChild(child, ask),
  }
}

async function stopChild(child: ChildProcess, ask: (work: string) => Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  await ask('stop')
  child.disconnect()
  await ended
}

/** What a child does besides answering for its CPU. */
export interface Offered {
  readonly ready: Ready
  readonly works?: Readonly<Record<string, (input: never) => Promise<unknown>>>
  stop(): Promise<void>
}

/** In the child: starts on the runner's first question, answers until the runner lets go of it. */
export function serveRunner<O>(start: (options: O) => Promise<Offered>): void {
  let offered: Offered | undefined
  const answer = async ({ work, input }: Question): Promise<unknown> => {
    if (work === 'start') {
      offered = await start(input as O)
      return offered.ready
    }
    if (work === 'cpu') {
      const { user, system } = process.cpuUsage()
      return (user + system) / 1000
    }
    if (work === 'rss') return process.memoryUsage.rss() / 1e6
    if (work === 'stop') return offered?.stop()
    const offer = offered?.works?.[work]
    if (!offer) throw new Error(`nothing called ${work} is offered`)
    return offer(input as never)
  }
  process.on('message', (question: Question) => {
    answer(question).then(
      (value) => process.send?.({ id: question.id, ok: true, value } satisfies Reply),
      (fault: Error) =>
        process.send?.({ id: question.id, ok: false, fault: fault.stack ?? String(fault) } satisfies Reply),
    )
  })
  process.once('disconnect', () => process.exit(0))
}
