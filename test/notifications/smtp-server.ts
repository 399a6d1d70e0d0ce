import { type AddressInfo, createServer } from 'node:net'

export interface Received {
  readonly from: string
  readonly to: string[]
  readonly data: string
}

export interface SmtpServer {
  readonly url: string
  readonly received: Received[]
  /** Answers in place of 250, by command. */
  readonly answers: Partial<Record<'MAIL' | 'RCPT' | 'DATA', string>>
  close(): void
}

/** As much of RFC 5321 as a delivery takes. */
export async function startSmtpServer(): Promise<SmtpServer> {
  const received: Received[] = []
  const answers: SmtpServer['answers'] = {}
  const server = createServer((socket) => {
    let envelope: { from: string; to: string[] } = { from: '', to: [] }
    let buffer = ''
    let inData = false
    const say = (line: string) => socket.write(`${line}\r\n`)
    say('220 test ESMTP')
    socket.on('error', () => {})
    socket.setEncoding('utf8').on('data', (chunk) => {
      buffer += chunk
      for (;;) {
        const end = buffer.indexOf(inData ? '\r\n.\r\n' : '\r\n')
        if (end < 0) return
        const line = buffer.slice(0, end)
        buffer = buffer.slice(end + (inData ? 5 : 2))
        if (inData) {
          inData = false
          if (answers.DATA === undefined) received.push({ ...envelope, data: line })
          say(answers.DATA ?? '250 accepted')
        } else answer(line)
      }
    })

    function answer(line: string): void {
      const command = line.slice(0, 4).toUpperCase()
      if (command === 'MAIL') {
        envelope = { from: line, to: [] }
        say(answers.MAIL ?? '250 ok')
      } else if (command === 'RCPT') {
        envelope.to.push(line)
        say(answers.RCPT ?? '250 ok')
      } else if (command === 'DATA') {
        inData = true
        say('354 go on')
      } else if (command === 'QUIT') {
        say('221 bye')
        socket.end()
      } else say('250 test')
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `smtp://127.0.0.1:${port}`, received, answers, close: () => void server.close() }
}
