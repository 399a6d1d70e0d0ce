/** One message on its way out; `id` stays the same over all tries, so that a gateway can tell a repetition. */
export interface Outgoing {
  readonly id: string
  /** E.164 number or mail address; by post name and address, in one line. */
  readonly recipient: string
  /** Mail only. */
  readonly subject?: string
  /** Empty by post. */
  readonly text: string
  /** By post only: what is printed. */
  readonly pdf?: Buffer
}

/** A way out of the house. What `send` throws means "try again later", unless it is a `PermanentRefusal`. */
export interface Channel {
  send(message: Outgoing): Promise<void>
}

/** What words go out by; `voice` calls and speaks the text. */
export type ChannelKind = 'sms' | 'voice' | 'mail'
/** Every way out of the house, paper included. */
export type Way = ChannelKind | 'post'

/** What the installation has; calls and letters are not everybody's. */
export interface Channels {
  readonly sms: Channel
  readonly mail: Channel
  readonly voice?: Channel
  readonly post?: Channel
}

/** The gateway will never take this message: trying again is of no use. The text names no recipient, as it is logged. */
export class PermanentRefusal extends Error {
  override readonly name = 'PermanentRefusal'
}

/** A try that failed but may be repeated; the text names no recipient, as it is logged and kept with the job. */
export class DeliveryFailed extends Error {
  override readonly name = 'DeliveryFailed'
}

const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/
const PHONE = /^\+[1-9]\d{6,14}$/
const RECIPIENT = {
  sms: PHONE,
  voice: PHONE,
  // Nothing that a mail library could read as a second address, a display name or a header.
  mail: /^[^\s<>()[\]\\,;:"@]{1,64}@[^\s<>()[\]\\,;:"@]{1,253}$/,
  post: /^.{1,1000}$/,
} satisfies Record<Way, RegExp>

/** @throws Error for what is not one plain number or address, without repeating it */
export function checkRecipient(channel: Way, recipient: string): void {
  if (CONTROL.test(recipient) || !RECIPIENT[channel].test(recipient)) throw new Error(`malformed ${channel} recipient`)
}

/** Whether a text fits on one line of a header, a log or an SMS. */
export function isOneLine(text: string): boolean {
  return text.isWellFormed() && !CONTROL.test(text)
}
