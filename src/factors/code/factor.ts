import type { Account } from '#src/accounts/account.ts'
import type { Accounts } from '#src/accounts/accounts.ts'
import { maskEmail } from '#src/accounts/fields/email.ts'
import { maskPhone } from '#src/accounts/fields/phone.ts'
import type { Settings } from '#src/accounts/settings.ts'
import type { Evidence, Factor, LoginView } from '#src/factors/factor.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { DefinedError } from '#src/kernel/errors.ts'
import { type AccountId, ticketHash } from '#src/kernel/ids.ts'
import { satisfies } from '#src/kernel/levels.ts'
import type { ChannelKind } from '#src/notifications/channels.ts'
import type { Keyring } from '#src/store/keyring.ts'
import { keyedHash } from '#src/store/seal.ts'
import type { Store } from '#src/store/store.ts'
import { type CodeChannel, codeChannels, worths } from './channels.ts'
import type { Codes, CodeVerdict } from './codes.ts'
import { codeErrors } from './errors.ts'

export interface CodeDeps {
  readonly store: Store
  readonly keyring: Keyring
  readonly accounts: Accounts
  readonly settings: Settings
  readonly codes: Codes
  readonly clock: Clock
  /** Whether the installation can call. */
  readonly calls: boolean
}

/**
 * One-time code by SMS or call to the confirmed phone, which with the password is worth `aal2`, or by e-mail, never above `aal1` (R-B2).
 * There is one code, whichever channel it went by last.
 */
export function makeCode({ store, keyring, accounts, settings, codes, clock, calls }: CodeDeps): Factor {
  /**
   * Who begins again in the same browser goes on with the code that was sent, and with the tries that it has left. The account is part of
   * it: whoever starts again as somebody else needs a code that went to that person. So are its contacts: a code that went to the phone
   * before that was changed opens nothing any more.
   */
  function idOf(login: LoginView, { oid, phone, email }: Account): string {
    const contacts = keyedHash(keyring.key('codes'), 'contacts', `${phone ?? ''} ${email ?? ''}`)
    return `login:${oid}:${ticketHash(login.browser ?? login.uid)}:${contacts}`
  }

  async function accountOf({ oid }: LoginView): Promise<Account> {
    if (oid === undefined) throw new Error('a code was asked of nobody')
    return accounts.read(oid)
  }

  const ofAccount = (account: Account) => codeChannels(account, calls)

  /** The channels that lead where the sign-in has to go. */
  function within({ wanted }: LoginView, account: Account): CodeChannel[] {
    const channels = ofAccount(account).filter(({ worth }) => satisfies(worth.ceiling, wanted))
    if (channels.length === 0) throw new Error('a code was asked of an account that no channel reaches')
    return channels
  }

  /** What the person picked, else what went out last, else what the owner likes best. */
  async function choose(
    login: LoginView,
    channels: readonly CodeChannel[],
    last: ChannelKind | undefined,
  ): Promise<CodeChannel> {
    const find = (kind: string | undefined) => channels.find((channel) => channel.kind === kind)
    const chosen = find(last) ?? find(login.via)
    if (chosen || channels.length === 1) return chosen ?? channels[0]!
    return find((await settings.of(login.oid as AccountId)).codeChannel) ?? channels[0]!
  }

  const send = (login: LoginView, account: Account, channel: CodeChannel) =>
    codes.send({
      id: idOf(login, account),
      contact: channel.contact,
      channel: channel.kind,
      oid: account.oid,
      network: login.network,
      kind: 'sign_in_code',
      locale: login.locale,
    })

  const secondsSince = (at: Date) => Math.max(0, Math.floor((clock.now().getTime() - at.getTime()) / 1000))

  function secondsUntilResend(sentAt: Date): number {
    const waited = (clock.now().getTime() - sentAt.getTime()) / 1000
    return Math.max(0, Math.ceil(codes.limits.resendSeconds - waited))
  }

  return {
    kind: worths.sms.kind,
    proof: worths.sms.proof,
    opens: false,
    best: worths.sms,
    fields: ['code'],
    async worths(oid) {
      return [...new Set(ofAccount(await accounts.read(oid)).map(({ worth }) => worth))]
    },
    async authenticators(oid) {
      return ofAccount(await accounts.read(oid)).map(({ kind, contact, worth }) => ({
        kind: worth.kind,
        id: kind,
        title: `code.title.${kind}`,
        detail: masked(contact),
        worth,
      }))
    },
    async begin(login) {
      const account = await accountOf(login)
      const channels = within(login, account)
      const last = await codes.sent(idOf(login, account))
      // One that went by a channel that does not lead far enough is none.
      const before = channels.some(({ kind }) => kind === last?.channel) ? last : undefined
      const channel = await choose(login, channels, before?.channel)
      const sent = before ? { ok: true as const, sentAt: before.at } : await send(login, account, channel)
      return {
        view: 'login/code',
        model: {
          channel: channel.kind,
          contact: masked(channel.contact),
          otherChannels: channels.filter((other) => other !== channel).map(({ kind }) => kind),
          ttlMinutes: Math.floor(codes.limits.ttlSeconds / 60),
          ...(sent.ok
            ? { resendSeconds: secondsUntilResend(sent.sentAt), ...(before && { agoSeconds: secondsSince(before.at) }) }
            : { refusal: { code: refusalAtFirst(sent.error).code, values: sent.values } }),
        },
      }
    },
    async verify(login, answer) {
      const verdict = await codes.verify(idOf(login, await accountOf(login)), answer.code ?? '')
      return verdict.ok ? { ok: true, proof: verdict } : verdict
    },
    async settle(login, verdict) {
      const code = verdict.proof as CodeVerdict & { ok: true }
      const id = idOf(login, await accountOf(login))
      const spent = await store.tx((tx) => codes.spend(tx, id, code))
      return spent.ok ? { ok: true, evidence: proven(code.channel, clock.now()) } : spent
    },
    provenAtEnrolment: (at) => proven('sms', at),
    /** `resend` by the channel of the last code, or the name of another channel. */
    async act(login, action) {
      const account = await accountOf(login)
      const channels = within(login, account)
      const channel =
        action === 'resend'
          ? await choose(login, channels, (await codes.sent(idOf(login, account)))?.channel)
          : channels.find(({ kind }) => kind === action)
      if (!channel) return { ok: false, error: codeErrors.missing }
      const sent = await send(login, account, channel)
      return sent.ok ? { ok: true } : sent
    },
  }
}

/** RFC 8176: a code that was sent is `otp`, by text message `sms` too, by a call `tel`; e-mail has no value there. */
const amr: Readonly<Record<ChannelKind, readonly string[]>> = {
  sms: ['otp', 'sms'],
  voice: ['otp', 'tel'],
  mail: ['otp'],
}

function proven(channel: ChannelKind, at: Date): Evidence {
  return { ...worths[channel], amr: amr[channel], at, authenticator: channel }
}

/** Nothing was sent for this sign-in yet: a code of a moment ago is another one's, and whoever has it at hand should not try it here. */
function refusalAtFirst(error: DefinedError): DefinedError {
  return error === codeErrors.too_soon ? codeErrors.sent_elsewhere : error
}

function masked({ kind, value }: CodeChannel['contact']): string {
  return kind === 'phone' ? maskPhone(value) : maskEmail(value)
}
