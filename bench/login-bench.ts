import { type Bed, openSite, type Site } from './bed.ts'
import { answerSignIn, openSignIn, type SignInPage } from './flows.ts'
import type { HashingInput } from './hashes.ts'
import { closedLoop, compare, FULL, type Measured, type Round, type Side } from './rounds.ts'
import type { Visitor } from './visitor.ts'

/** More than the cores and libuv's four threads, so that neither side ever waits for work. */
const CONCURRENCY = 8
/** Far more than any machine checks in a second. */
const PAGES_PER_SECOND = 160

/** The POST of a right password with the real hash, against argon2id alone. The pages to answer are opened before each round. */
export async function measureLogin(bed: Bed): Promise<Measured> {
  const ours = openSite(bed, await bed.startOurs({ hashes: true }), CONCURRENCY)
  const alone = await bed.start('hashes')
  try {
    let open: OpenPage[] = []
    const posts: Side = {
      child: ours.child,
      async prepare(ms) {
        open = await openPages(bed, ours, Math.ceil((ms / 1000) * PAGES_PER_SECOND))
      },
      round: (ms) =>
        closedLoop(CONCURRENCY, ms, async () => {
          const next = open.pop()
          if (!next) throw new Error('more passwords were checked than pages were opened; open more')
          await answerSignIn(next.visitor, next.page, bed.nextResident().phone)
        }),
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
