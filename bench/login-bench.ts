import { type Bed, openSite, type Site } from './bed.ts'
import { answerSignIn, openSignIn, type SignInPage } from './flows.ts'
import type { HashingInput } from './hashes.ts'
import { closedLoop, compare, FULL, type Measured, type Round, type Side } from './rounds.ts'
import type { Visitor } from './visitor.ts'

/** More than the cores and libuv's four threads, so that neither side ever waits for work. */
const CONCURRENCY = 8
/** Pages to open for the first round, per second of it; later ones go by the speed of the round before, and half as much again. */
const PAGES_PER_SECOND = 100

/** The POST of a right password with the real hash, against argon2id alone. The pages to answer are opened before each round. */
export async function measureLogin(bed: Bed): Promise<Measured> {
  const ours = openSite(bed, await bed.startOurs({ hashes: true }), CONCURRENCY)
  const alone = await bed.start(new URL('./hashes.ts', import.meta.url))
  try {
    let open: OpenPage[] = []
    let pagesPerSecond = PAGES_PER_SECOND
    const posts: Side = {
      child: ours.child,
      async prepare(ms) {
        open = await openPages(bed, ours, CONCURRENCY + Math.ceil((ms / 1000) * pagesPerSecond))
      },
      async round(ms) {
        const operation = async () => {
          const { visitor, page } = open.pop()!
          await answerSignIn(visitor, page, bed.nextResident().phone)
        }
        const round = await closedLoop(CONCURRENCY, ms, operation, open.length)
        pagesPerSecond = round.opsPerSecond * 1.5
        return round
      },
    }
    const hashes: Side = {
      child: alone,
      round: (ms) => alone.ask<Round>('hash', { concurrency: CONCURRENCY, ms } satisfies HashingInput),
    }
    return await compare(posts, hashes, FULL)
  } finally {
    await Promise.all([ours.close(), alone.stop()])
  }
}

interface OpenPage {
  readonly visitor: Visitor
  readonly page: SignInPage
}

async function openPages(bed: Bed, site: Site, count: number): Promise<OpenPage[]> {
  const pages: OpenPage[] = []
  while (pages.length < count) {
    const batch = Array.from({ length: CONCURRENCY }, async () => {
      const visitor = site.visitor()
      return { visitor, page: await openSignIn(visitor, bed.client) }
    })
    pages.push(...(await Promise.all(batch)))
  }
  return pages
}
