import type { Locale } from '#src/kernel/locale.ts'
import type { Browser } from '../browser-http.ts'
import { inCabinet } from '../cabinet/cabinet.ts'
import { linksTo, ownerAtHome, thiefWithApp } from '../cabinet/reporting.ts'
import type { World } from '../world.ts'

/** The security journal, and the ways to say that a sign-in was somebody else's. */
export async function journalTour(
  { world, locale }: { readonly world: World; readonly locale: Locale },
  keep: (state: string, browser: Browser) => void,
): Promise<void> {
  const citizen = await world.citizen()
  await ownerAtHome(world, citizen)
  await thiefWithApp(world, citizen)
  const owner = await inCabinet(world, citizen, '/security/journal', world.browser({ locale }))
  keep('with a plot', owner)
  await owner.open('/security/journal?what=consent')
  keep('none', owner)
  const added = (await world.journal(citizen.oid)).find(({ type }) => type === 'authenticator.added')
  await owner.open(`/security/journal/${added!.seq}/not-me`)
  keep('weak', owner)
  await owner.submit({}, '/not-me')
  keep('asked', owner)

  const reader = world.browser({ locale })
  const [link] = await linksTo(world, citizen)
  await reader.open(link!)
  keep('asked', reader)
  await reader.submit({})
  keep('done', reader)
  await reader.open(link!)
  keep('over', reader)
}
