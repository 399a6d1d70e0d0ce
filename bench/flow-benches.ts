import { type Bed, openSite, type Site } from './bed.ts'
import { clientCredentials, codeFlow, introspect, refresh, ssoFlow } from './flows.ts'
import { closedLoop, compare, FULL, type Measured, type Schedule, type Side } from './rounds.ts'
import { assertTwins } from './twins.ts'

const CONCURRENCY = 8
/** Browsers with a live session, or refresh tokens, that take turns. */
const PREPARED = 64

/** Prepares a side, outside the measurement, and gives the operation to repeat. */
type Prepare = (bed: Bed, site: Site) => Promise<() => Promise<unknown>>

/** Every flow a person and a browser that come for the first time. */
const freshly: Prepare = async (bed, site) => () => codeFlow(site.visitor(), bed.client, bed.nextResident())

const withSession: Prepare = async (bed, site) => {
  const browsers = await prepared(async () => {
    const visitor = site.visitor()
    const resident = bed.nextResident()
    await codeFlow(visitor, bed.client, resident)
    return { visitor, resident }
  })
  return inTurn(browsers, async (browser) => {
    await ssoFlow(browser.visitor, bed.client, browser.resident)
    return browser
  })
}

const withRefreshToken: Prepare = async (bed, site) => {
  const holders = await prepared(async () => {
    const visitor = site.visitor()
    return { visitor, tokens: await codeFlow(visitor, bed.client, bed.nextResident()) }
  })
  return inTurn(holders, async ({ visitor, tokens }) => ({
    visitor,
    tokens: await refresh(visitor, bed.client, tokens),
  }))
}

const onItsOwn: Prepare = async (bed, site) => {
  const visitor = site.visitor()
  return () => clientCredentials(visitor, bed.client)
}

const withAccessToken: Prepare = async (bed, site) => {
  const holders = await prepared(async () => {
    const visitor = site.visitor()
    const resident = bed.nextResident()
    return { visitor, resident, tokens: await codeFlow(visitor, bed.client, resident) }
  })
  return inTurn(holders, async (holder) => {
    await introspect(holder.visitor, bed.client, holder.tokens.access_token, String(holder.resident.oid))
    return holder
  })
}

const preparations = {
  code_flow: freshly,
  sso_flow: withSession,
  refresh: withRefreshToken,
  client_credentials: onItsOwn,
  introspection: withAccessToken,
} satisfies Record<string, Prepare>

/** One of the provider's flows against bare oidc-provider. */
export async function measureFlow(
  bed: Bed,
  flow: keyof typeof preparations,
  { schedule = FULL, concurrency = CONCURRENCY }: { schedule?: Schedule; concurrency?: number } = {},
): Promise<Measured> {
  const started = await bed.startOurs({ hashes: false })
  const ours = openSite(bed, started, concurrency)
  const other = openSite(bed, await bed.startBare(started.ready.keys), concurrency)
  try {
    await assertTwins(bed, ours, other)
    const side = async (site: Site): Promise<Side> => {
      const operation = await preparations[flow](bed, site)
      return { child: site.child, round: (ms) => closedLoop(concurrency, ms, operation) }
    }
    return await compare(await side(ours), await side(other), schedule)
  } finally {
    await Promise.all([ours.close(), other.close()])
  }
}

/** The metadata document against the least that Koa can do. */
export async function measureDiscovery(bed: Bed): Promise<Measured> {
  const ours = openSite(bed, await bed.startOurs({ hashes: false }), CONCURRENCY)
  const other = openSite(bed, await bed.start(new URL('./hello.ts', import.meta.url)), CONCURRENCY)
  try {
    const side = (site: Site, path: string): Side => {
      const visitor = site.visitor()
      const operation = async () => {
        const answer = await visitor.get(path)
        if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.text}`)
      }
      return { child: site.child, round: (ms) => closedLoop(CONCURRENCY, ms, operation) }
    }
    return await compare(side(ours, '/.well-known/openid-configuration'), side(other, '/'), FULL)
  } finally {
    await Promise.all([ours.close(), other.close()])
  }
}

function prepared<T>(make: () => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: PREPARED }, make))
}

/** Takes the one that has rested longest, and puts back what the operation made of it; no two operations share one. */
function inTurn<T>(waiting: T[], operation: (taken: T) => Promise<T>): () => Promise<void> {
  return async () => {
    const taken = waiting.shift()
    if (taken === undefined) throw new Error('more workers than were prepared for')
    waiting.push(await operation(taken))
  }
}
