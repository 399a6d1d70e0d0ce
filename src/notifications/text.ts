import type { Locale, Translate } from '#src/kernel/locale.ts'
import { type ChannelKind, isOneLine } from './channels.ts'

export interface MessageText {
  readonly subject?: string
  readonly text: string
}

/**
 * Fills the text of a message in.
 * @throws Error when a value has control characters (it could forge a line of an SMS or a header of a mail), or a text is missing
 */
export function textOf(
  message: {
    readonly channel: ChannelKind
    readonly kind: string
    readonly values: Readonly<Record<string, string>>
    readonly locale: Locale
  },
  translate: TranslateTo,
): MessageText {
  const { channel, kind, values, locale } = message
  for (const [name, value] of Object.entries(values)) {
    if (!isOneLine(value)) throw new Error(`value ${name} of message ${kind} has control characters`)
  }
  const t = translate(locale)
  const filling = channel === 'voice' ? { ...values, spoken: spokenDigits(values.code ?? '') } : values
  const fill = (key: string) => {
    const text = t(key, filling)
    if (text === key) throw new Error(`message text ${key} is missing`)
    return text
  }
  if (channel === 'voice') return { text: fill(`message.${kind}.voice`) }
  if (channel === 'mail') return { subject: fill(`message.${kind}.subject`), text: fill(`message.${kind}.mail`) }
  // A blank that does not break would make the whole SMS UCS-2.
  return { text: withOrigin(fill(`message.${kind}`).replaceAll('\u00a0', ' '), values) }
}

export type TranslateTo = (locale: Locale) => Translate

/** Digits one by one: read as a number nobody could write them down. */
function spokenDigits(code: string): string {
  return [...code].join(', ')
}

/** Characters of the GSM 03.38 alphabet that ASCII shares; anything else makes the whole SMS UCS-2. */
const GSM = /^[A-Za-z0-9 \n\r@!"#$%&'()*+,\-./:;<=>?_]*$/

function fitsOneSegment(text: string): boolean {
  return text.length <= (GSM.test(text) ? 160 : 70)
}

/** The host that codes are bound to: bare, as the line knows no port, and only of https, as browsers fill nothing in elsewhere. */
export function boundHost({ protocol, hostname }: URL): string | undefined {
  return protocol === 'https:' ? hostname : undefined
}

/** The last line that lets a browser fill the code in on our site only ("Origin-bound one-time codes"), if it costs no segment. */
function withOrigin(text: string, { code, host }: Readonly<Record<string, string>>): string {
  if (code === undefined || host === undefined) return text
  const bound = `${text}\n@${host} #${code}`
  return fitsOneSegment(bound) ? bound : text
}
