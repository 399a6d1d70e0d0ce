import { createTransport } from 'nodemailer'
import type { MailConfig } from '#src/config/config.ts'
import { type Channel, DeliveryFailed, isOneLine, PermanentRefusal } from './channels.ts'

/** Mail over SMTP, plain text; a repeated try has the same Message-ID, by which mail systems drop doubles. */
export function makeMailSmtp({ smtpUrl, from }: MailConfig): Channel {
  const transport = createTransport({
    url: smtpUrl.reveal(),
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 15_000,
    dnsTimeout: 5_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const domain = from.slice(from.lastIndexOf('@') + 1).replace(/[>\s]/g, '')

  return {
    async send({ id, recipient, subject = '', text }) {
      if (!isOneLine(subject) || !isOneLine(recipient))
        throw new PermanentRefusal('subject or recipient has control characters')
      try {
        await transport.sendMail({
          from,
          // As an object it is taken as one address and never parsed as a list.
          to: { name: '', address: recipient },
          subject,
          text,
          messageId: `<${id}@${domain}>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
        })
      } catch (error) {
        throw refusalOf(error)
      }
    },
  }
}

interface SmtpFault {
  readonly code?: string
  readonly command?: string
  readonly responseCode?: number
}

/** Only a 5xx to the recipient or to the content is about this message; a refused sender or login is about the set-up. */
function refusalOf(error: unknown): PermanentRefusal | DeliveryFailed {
  const { code = 'unknown fault', command = '', responseCode } = (error ?? {}) as SmtpFault
  const answer = `mail server: ${code}${responseCode === undefined ? '' : ` ${responseCode}`}`
  const aboutMessage = command === 'RCPT TO' || command === 'DATA'
  return aboutMessage && responseCode !== undefined && responseCode >= 500
    ? new PermanentRefusal(answer)
    : new DeliveryFailed(answer)
}
