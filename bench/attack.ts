import { type Challenge, solveChallenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import { Pool } from 'undici'
import type { Bed } from './bed.ts'
import type { Child } from './child.ts'
import { DEVICE_COOKIE, type Form, formOf, openSignIn } from './flows.ts'
import type { Resident } from './people.ts'
import { freePhone, terms } from './terms.ts'
import { type Answer, Visitor } from './visitor.ts'

/** What the attacker does where a proof of work is asked for. */
const manners = ['neither', 'waits', 'solves'] as const
type Manner = (typeof manners)[number]

interface Attack {
  readonly name: string
  readonly guesses: number
  readonly secondsBetween: number
  address(n: number, run: number): string
  phone(n: number, owner: Resident): string
  /** Where the owner's new device is; the known one is at home. */
  ownerAddress(n: number, run: number): string
}

/** Networks of the attackers, of the owner's new devices, and the owner's home; none of them is in another's. */
const farAway = (n: number) => `10.${(n >> 8) & 127}.${n & 255}.7`
const onTheWay = (n: number, run: number) => `172.${16 + run}.${n & 255}.7`
const homeOf = (run: number) => `192.168.${run}.7`
const oneNetwork = (_n: number, run: number) => `10.200.${run}.7`

const scenarios: readonly Attack[] = [
  {
    name: '10 000 addresses, one account, a day',
    guesses: 10_000,
    secondsBetween: 8.64,
    address: farAway,
    phone: (_n, { phone }) => phone,
    ownerAddress: onTheWay,
  },
  {
    name: 'one address, 10 000 accounts, a guess each second',
    guesses: 10_000,
    secondsBetween: 1,
    address: oneNetwork,
    phone: (n) => freePhone(n),
    ownerAddress: oneNetwork,
  },
]

/** The owner comes this often, on the known device and on a new one. */
const OWNER_SECONDS = 1800
/** A page of sign-in is used so long by an attacker, who need not open one for each guess. */
const PAGE_SECONDS = 1200
/** Guesses at the same time, after which the clock is moved on for all of them. */
const AT_ONCE = 10
/** PBKDF2 iterations of one derivation as installed; here it is 1, or the attacker would need hours. */
const COST = 5000

interface Tally {
  passed: number
  derivations: number
  known: { came: number; refused: number }
  fresh: { came: number; refused: number }
}

/** Attacks on a server whose clock is moved on, guess after guess. @returns a table in Markdown */
export async function attacks(bed: Bed): Promise<string> {
  const rows: string[] = []
  for (const attack of scenarios) {
    for (const manner of manners) {
      const { passed, derivations, known, fresh } = await run(bed, attack, manner, rows.length)
      const work = `${derivations} × ${COST}`
      rows.push(
        `| ${attack.name} | ${manner} | ${passed} | ${known.refused} of ${known.came} | ${fresh.refused} of ${fresh.came} | ${work} |`,
      )
    }
  }
  const head =
    '| attack | at a challenge | guesses that passed | owner refused, known device | owner refused, new device | iterations computed |'
  return [head, '|---|---|---|---|---|---|', ...rows].join('\n')
}

async function run(bed: Bed, attack: Attack, manner: Manner, index: number): Promise<Tally> {
  const child = await bed.startOurs({ hashes: false, proofCost: 1 })
  const pool = new Pool(`http://127.0.0.1:${child.ready.port}`, { connections: AT_ONCE })
  const owner = bed.nextResident()
  const tally: Tally = {
    passed: 0,
    derivations: 0,
    known: { came: 0, refused: 0 },
    fresh: { came: 0, refused: 0 },
  }
  try {
    await attackOn({ bed, child, pool, owner, tally, index }, attack, manner)
    return tally
  } finally {
    await pool.close()
    await child.stop()
  }
}

interface Field {
  readonly bed: Bed
  readonly child: Child
  readonly pool: Pool
  readonly owner: Resident
  readonly tally: Tally
  /** Which run: each has networks of its own, as counters outlive it. */
  readonly index: number
}

async function attackOn(field: Field, attack: Attack, manner: Manner): Promise<void> {
  const { bed, child, pool, owner, tally, index } = field
  const home = new Visitor(pool, homeOf(index))
  await child.ask('travel', 0)
  await ownerEnters(home)
  const device = home.cookie(DEVICE_COOKIE)!
  const waiting: { at: number; n: number; form: Form }[] = []
  let page: { opened: number; visitor: Visitor; form: Form } | undefined
  let ownerCame = 0

  for (let n = 0, now = 0; n < attack.guesses; n += AT_ONCE, now += AT_ONCE * attack.secondsBetween) {
    await child.ask('travel', AT_ONCE * attack.secondsBetween)
    if (page === undefined || now - page.opened > PAGE_SECONDS) {
      const visitor = new Visitor(pool, attack.address(n, index))
      page = { opened: now, visitor, form: (await openSignIn(visitor, bed.client)).form }
      waiting.length = 0
    }
    const { visitor: opener, form } = page
    const guess = async (m: number, with_: Form) => {
      const visitor = new Visitor(pool, attack.address(m, index))
      for (const name of opener.cookieNames) visitor.hold(name, opener.cookie(name)!)
      const answer = await post(visitor, with_, attack.phone(m, owner), `guess ${m}`)
      // A refusal that does not say 429 is what the comparison came to.
      if (answer.status === 422) tally.passed += 1
      return answer
    }
    const once = async (m: number) => {
      const answer = await guess(m, form)
      const challenge = challengeOf(answer)
      if (challenge === undefined || answer.status !== 429) return
      const asked = formOf(answer, 'name="password"')
      if (manner === 'solves') await guess(m, await solved(asked))
      const { hardness } = JSON.parse(challenge).parameters.data
      if (manner === 'waits') waiting.push({ at: now + 30 * hardness + 1, n: m, form: asked })
    }
    await Promise.all(Array.from({ length: AT_ONCE }, (_, m) => once(n + m)))
    while (waiting[0] && waiting[0].at <= now) {
      const { n: m, form: ready } = waiting.shift()!
      await guess(m, ready)
    }
    if (now >= (ownerCame + 1) * OWNER_SECONDS || (ownerCame === 0 && n + AT_ONCE >= attack.guesses))
      await ownerComes(now)
  }

  async function ownerComes(now: number): Promise<void> {
    ownerCame = Math.max(ownerCame + 1, Math.floor(now / OWNER_SECONDS))
    const fresh = new Visitor(pool, attack.ownerAddress(ownerCame, index))
    tally.fresh.came += 1
    if (!(await ownerEnters(fresh))) tally.fresh.refused += 1
    const known = new Visitor(pool, attack.ownerAddress(ownerCame, index))
    known.hold(DEVICE_COOKIE, device)
    tally.known.came += 1
    if (!(await ownerEnters(known))) tally.known.refused += 1
  }

  /** With the right password, and with the proof where one is asked for. */
  async function ownerEnters(visitor: Visitor): Promise<boolean> {
    const { form } = await openSignIn(visitor, bed.client)
    let answer = await post(visitor, form, owner.phone, terms.password)
    if (challengeOf(answer) !== undefined) {
      const { derivations } = tally
      answer = await post(visitor, await solved(formOf(answer, 'name="password"')), owner.phone, terms.password)
      tally.derivations = derivations
    }
    return answer.status === 303
  }

  async function solved(form: Form): Promise<Form> {
    const challenge = JSON.parse(unescaped(form.hidden.challenge ?? '')) as Challenge
    const solution = await solveChallenge({ challenge, deriveKey })
    tally.derivations += (solution?.counter ?? 0) + 1
    return { ...form, hidden: { ...form.hidden, solution: JSON.stringify(solution) } }
  }
}

function post(visitor: Visitor, { action, hidden }: Form, identifier: string, password: string): Promise<Answer> {
  const { challenge, ...others } = hidden
  return visitor.submit(action, {
    ...others,
    ...(challenge !== undefined && { challenge: unescaped(challenge) }),
    identifier,
    password,
  })
}

function challengeOf({ text }: Answer): string | undefined {
  const value = /name="challenge" value="([^"]*)"/.exec(text)?.[1]
  return value === undefined ? undefined : unescaped(value)
}

const unescaped = (html: string) => html.replaceAll('&quot;', '"').replaceAll('&amp;', '&')
