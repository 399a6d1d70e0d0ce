import type { Response } from 'supertest'

/** Parses an answer of whatever type as text, for `supertest(…).parse(asText)`: it is then the body. */
export function asText(response: Response, done: (fault: Error | null, body: string) => void): void {
  const stream = response as unknown as NodeJS.ReadableStream
  let text = ''
  stream.on('data', (chunk) => {
    text += chunk
  })
  stream.on('end', () => done(null, text))
}
