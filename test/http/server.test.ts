import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import Koa from 'koa'
import { expect, test } from 'vitest'
import { serve } from '#src/http/server.ts'

/** A server whose `/slow` answers when told to. */
async function slowServer(closeTimeoutMs: number) {
  const waiting = Promise.withResolvers<void>()
  const reached = Promise.withResolvers<void>()
  const app = new Koa()
  app.use(async (ctx) => {
    if (ctx.path === '/slow') {
      reached.resolve()
      await waiting.promise
    }
    ctx.body = 'done'
  })
  const server = await serve(app, { host: '127.0.0.1', port: 0, closeTimeoutMs })
  return { server, url: `http://127.0.0.1:${server.address.port}`, reached: reached.promise, release: waiting.resolve }
}

test('closing finishes the request in flight and accepts no further one', async () => {
  const { server, url, reached, release } = await slowServer(10_000)
  const inFlight = fetch(`${url}/slow`)
  await reached
  const closed = server.close()
  await expect(fetch(`${url}/fast`)).rejects.toThrow()
  release()
  const answer = await inFlight
  expect([await answer.text(), answer.headers.get('connection')]).toEqual(['done', 'close'])
  await closed
})

test('closing does not wait for connections that stand idle', async () => {
  const { server, url } = await slowServer(10_000)
  await (await fetch(`${url}/fast`)).text()
  await server.close()
})

test('closing gives up on a request after the time limit', async () => {
  const { server, url, reached } = await slowServer(50)
  const inFlight = fetch(`${url}/slow`)
  inFlight.catch(() => undefined)
  await reached
  await server.close()
  await expect(inFlight).rejects.toThrow()
})

test('what is not HTTP gets a plain 400', async () => {
  const { server } = await slowServer(1000)
  const socket = connect(server.address.port, '127.0.0.1')
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk
  })
  socket.write('GET / HTTP/1.1\r\nbroken header\r\n\r\n')
  while (!socket.readableEnded && !text.includes('\r\n\r\n')) await sleep(5)
  expect(text).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
  socket.destroy()
  await server.close()
})

test('a port in use is an error at start', async () => {
  const { server } = await slowServer(1000)
  const { port } = server.address
  await expect(serve(new Koa(), { host: '127.0.0.1', port, closeTimeoutMs: 1000 })).rejects.toThrow('EADDRINUSE')
  await server.close()
})
