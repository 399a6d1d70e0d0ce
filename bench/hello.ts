import Koa from 'koa'
import { serve } from '#src/http/server.ts'
import { serveRunner } from './child.ts'

/** The least that Koa can do. */
serveRunner(async () => {
  const app = new Koa()
  app.use((ctx) => {
    ctx.body = 'Hello World'
  })
  const server = await serve(app, { host: '127.0.0.1', port: 0, closeTimeoutMs: 1_000 })
  return {
    ready: { port: server.address.port, configuration: { server: 'Koa hello world' } },
    stop: () => server.close(),
  }
})
