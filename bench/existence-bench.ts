import { median, percentile, rounded, shuffled } from './arithmetic.ts'
import { type Bed, openSite, type Site } from './bed.ts'
import { formOf, openSignIn, postPassword } from './flows.ts'
import type { Measured } from './rounds.ts'
import { freePhone } from './terms.ts'
import { FlowFailure } from './visitor.ts'

const PAIRS = 500
const WARM_UP_PAIRS = 25

/** Opens what comes before, then answers the one thing to time: what is shown to whoever tries a phone number. */
type Door = (bed: Bed, site: Site, phone: string) => Promise<() => Promise<void>>

/** A wrong password, up to the refusal. */
const signIn: Door = async (bed, site, phone) => {
  const visitor = site.visitor()
  const { form } = await openSignIn(visitor, bed.client)
  return async () => {
    const refused = await postPassword(visitor, form, phone, 'не тот пароль вовсе')
    if (refused.status !== 422 && refused.status !== 401 && refused.status !== 400)
      throw new FlowFailure('the wrong password was not refused', refused)
  }
}

/** A phone number to register with, up to the page that says that the code was sent. */
const registration: Door = async (_bed, site, phone) => {
  const visitor = site.visitor()
  const begun = await visitor.submit('/registration', formOf(await visitor.get('/registration'), 'csrf').hidden)
  const page = await visitor.get(begun.location)
  const { action, hidden } = formOf(page, 'name="phone"')
  return async () => {
    const sent = await visitor.submit(action, { ...hidden, phone })
    const shown = await visitor.get(sent.location)
    if (shown.status !== 200 || !shown.text.includes('name="code"')) throw new FlowFailure('no code was sent', shown)
  }
}

/** A phone number whose password is forgotten, up to the page of the code. */
const recovery: Door = async (_bed, site, phone) => {
  const visitor = site.visitor()
  const { action, hidden } = formOf(await visitor.get('/recovery'), 'name="identifier"')
  return async () => {
    const sent = await visitor.submit(action, { ...hidden, identifier: phone })
    const shown = await visitor.get(sent.location)
    if (shown.status !== 200 || !shown.text.includes('name="code"')) throw new FlowFailure('no page of the code', shown)
  }
}

const kinds = ['known', 'unknown'] as const
type Kind = (typeof kinds)[number]

interface Timed {
  readonly ms: number
  readonly cpuMs: number
}

/**
 * How long answers take for identifiers that somebody holds, against those that nobody does, one request at a time; each identifier,
 * browser and network is used once. The door that tells more is what counts. The control is every second known one against the rest.
 */
export async function measureExistence(bed: Bed): Promise<Measured> {
  const site = openSite(bed, await bed.startOurs({ hashes: true }), 1)
  let strangers = 0
  const phoneFor = (kind: Kind) => (kind === 'unknown' ? freePhone(strangers++) : bed.nextResident().phone)

  async function time(door: Door, kind: Kind): Promise<Timed> {
    const answer = await door(bed, site, phoneFor(kind))
    const cpuBefore = await site.child.cpuMs()
    const start = performance.now()
    await answer()
    const ms = performance.now() - start
    return { ms, cpuMs: (await site.child.cpuMs()) - cpuBefore }
  }

  async function through(name: string, door: Door) {
    for (let n = 0; n < WARM_UP_PAIRS; n++) for (const kind of kinds) await time(door, kind)
    const times: Record<Kind, Timed[]> = { known: [], unknown: [] }
    for (let n = 0; n < PAIRS; n++) for (const kind of shuffled(kinds)) times[kind].push(await time(door, kind))
    const ms = (kind: Kind) => median(times[kind].map((timed) => timed.ms))
    const cpu = (kind: Kind) => median(times[kind].map((timed) => timed.cpuMs))
    const known = times.known.map((timed) => timed.ms)
    const half = (measure: keyof Timed, parity: 0 | 1) =>
      median(times.known.filter((_, n) => n % 2 === parity).map((timed) => timed[measure]))
    const ratio = ms('known') / ms('unknown')
    const differenceMs = ms('known') - ms('unknown')
    const cpuRatio = cpu('unknown') / cpu('known')
    return {
      ratio,
      differenceMs,
      cpuRatio,
      ops: (known.length * 1000) / known.reduce((sum, one) => sum + one, 0),
      p50: percentile(known, 50),
      p99: percentile(known, 99),
      control: half('ms', 0) / half('ms', 1),
      controlCpu: half('cpuMs', 0) / half('cpuMs', 1),
      note: `${name}: ${rounded(ratio)}, known ${ms('known').toFixed(2)} ms, unknown ${ms('unknown').toFixed(2)} ms, difference ${differenceMs.toFixed(2)} ms, Node CPU ${cpu('known').toFixed(2)} and ${cpu('unknown').toFixed(2)} ms`,
    }
  }

  try {
    const doors = [
      await through('sign-in', signIn),
      await through('registration', registration),
      await through('recovery', recovery),
    ]
    const [worst] = doors.toSorted((a, b) => telling(b) - telling(a))
    const { note: _, ...figures } = worst!
    return { ...figures, notes: doors.map(({ note }) => note) }
  } finally {
    await site.close()
  }
}

/** How much a door gives away, 1 at the edge of what is tolerated: 3% or 5 ms. */
function telling({ ratio, differenceMs }: { readonly ratio: number; readonly differenceMs: number }): number {
  return Math.min(Math.abs(ratio - 1) / 0.03, Math.abs(differenceMs) / 5)
}
