import type { Browser } from '../browser-http.ts'
import type { Citizen, World } from '../world.ts'

export const THREE_DAYS = 72 * 3600

/** What tests of recycled numbers do and look at; `world` is started by then. */
export function detaching(world: () => World) {
  /** A new holder of the number gets as far as the page that tells of the clash. */
  async function clashed(phone: string, at: World = world()): Promise<Browser> {
    const browser = at.browser()
    const before = at.sentTo(phone)
    await browser.open('/registration')
    await browser.submit({})
    await browser.submit({ phone })
    await browser.submit({ code: await at.code(phone, before) })
    if (at.view !== 'registration/clash') throw new Error(`no clash, but ${at.view}`)
    return browser
  }

  async function requested(citizen: Citizen, at: World = world()): Promise<Browser> {
    const browser = await clashed(citizen.phone, at)
    await browser.submit({}, '/detach')
    if (browser.page.status !== 200) throw new Error(`not asked for: ${browser.page.status}`)
    return browser
  }

  const mails = (citizen: Citizen, at: World = world()) =>
    at.sent.filter(({ recipient, text }) => recipient === citizen.email && text.includes('/contact/'))

  async function keepLink(citizen: Citizen): Promise<string> {
    await world().message(citizen.email, 1)
    return /https?:\/\/\S+\/contact\/keep\/\S+/.exec(mails(citizen)[0]!.text)![0]
  }

  const eventsOf = async (citizen: Citizen) =>
    (await world().journal(citizen.oid)).filter(({ type }) => type.startsWith('contact.'))
  const typesOf = async (citizen: Citizen) => (await eventsOf(citizen)).map(({ type }) => type)
  const ownerOf = (citizen: Citizen) => world().house.accounts.ownerOf('phone', citizen.phone)

  async function rows(citizen: Citizen): Promise<string[]> {
    const found = await world()
      .house.store.db.selectFrom('detachments')
      .select('state')
      .where('oid', '=', citizen.oid)
      .execute()
    return found.map(({ state }) => state)
  }

  async function threeDaysLater(at: World = world()): Promise<void> {
    world().travel(THREE_DAYS + 1)
    await at.house.detachments.detachDue()
  }

  return { clashed, requested, mails, keepLink, eventsOf, typesOf, ownerOf, rows, threeDaysLater }
}
