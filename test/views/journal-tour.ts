import type { Locale } from '#src/kernel/locale.ts'
import type { Browser } from '../browser-http.ts'
import { inCabinet } from '../cabinet/cabinet.ts'
import { enter, freshPhone, linkTo, proposed } from '../cabinet/changing-contacts.ts'
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
  await reader.open(await linkTo(world, citizen.phone, 'not-me'))
  keep('of an SMS', reader)
  const [link] = await linksTo(world, citizen)
  await reader.open(link!)
  keep('asked', reader)
  await reader.submit({})
  keep('done', reader)
  await reader.open(link!)
  keep('over', reader)
  await replacedPhone(world, reader, keep)
}

/** The page asks for the password, and says what comes back and when. */
async function replacedPhone(
  world: World,
  reader: Browser,
  keep: (state: string, browser: Browser) => void,
): Promise<void> {
  const citizen = await world.citizen()
  const phone = freshPhone()
  await enter(world, await proposed(world, citizen, 'phone', phone), phone)
  await reader.open(await linkTo(world, citizen.email, 'not-me'))
  await reader.submit({ password: 'x' })
  keep('wrong', reader)
  await reader.submit({})
  keep('waits', reader)
}
