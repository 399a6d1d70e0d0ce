import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type CommandServer, callCommand, serveCommands, socketPath } from '#src/sandbox/socket.ts'

const echo = async (argv: readonly string[]) => ({ output: `${argv.join('|')}\n`, exitCode: 3 })

let folder: string
let server: CommandServer | undefined
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'propusk-socket-'))
})
afterEach(async () => {
  await server?.close()
  server = undefined
  rmSync(folder, { recursive: true })
})

const path = () => join(folder, 'cli.sock')

test('a command runs in the listening process and its result comes back', async () => {
  server = await serveCommands({ path: path(), run: echo })
  const argv = ['clients', 'add', 'строка\nс разрывом', '']
  expect(await callCommand(path(), argv)).toEqual({ output: `${argv.join('|')}\n`, exitCode: 3 })
})

test('nobody listens: no folder, a plain file, a closed server', async () => {
  expect(await callCommand(join(folder, 'none', 'cli.sock'), [])).toBeUndefined()
  writeFileSync(path(), '')
  expect(await callCommand(path(), [])).toBeUndefined()
  const closed = await serveCommands({ path: path(), run: echo })
  await closed.close()
  expect(existsSync(path())).toBe(false)
  expect(await callCommand(path(), [])).toBeUndefined()
})

test('a socket left by a killed process is replaced', async () => {
  const program = join(folder, 'left.ts')
  writeFileSync(
    program,
    `import { createServer } from 'node:net'
createServer().listen(${JSON.stringify(path())}, () => process.send!('up'))`,
  )
  const killed = fork(program, { execArgv: [] })
  await once(killed, 'message')
  killed.kill('SIGKILL')
  await once(killed, 'exit')
  expect(existsSync(path())).toBe(true)
  server = await serveCommands({ path: path(), run: echo })
  expect(await callCommand(path(), ['list'])).toEqual({ output: 'list\n', exitCode: 3 })
})

test('a second process does not take over from a living one', async () => {
  server = await serveCommands({ path: path(), run: echo })
  await expect(serveCommands({ path: path(), run: echo })).rejects.toThrow('already listens')
  expect(await callCommand(path(), ['still'])).toMatchObject({ output: 'still\n' })
})

test('the file is for its owner only', async () => {
  server = await serveCommands({ path: path(), run: echo })
  expect(statSync(path()).mode & 0o777).toBe(0o600)
})

test('a path too long for a socket becomes a short one, the same for both sides', async () => {
  const long = join(folder, 'a-very-long-folder-name'.repeat(5), 'cli.sock')
  expect(Buffer.byteLength(socketPath(long))).toBeLessThan(104)
  server = await serveCommands({ path: long, run: echo })
  expect(await callCommand(long, ['x'])).toMatchObject({ output: 'x\n' })
})

test('a command that throws answers with its message', async () => {
  const run = () => Promise.reject(new Error('no such client'))
  server = await serveCommands({ path: path(), run })
  expect(await callCommand(path(), [])).toEqual({ output: 'no such client\n', exitCode: 1 })
})

test.each(['nonsense\n', '{"argv":"list"}\n', '{"argv":[1]}\n', '{"argv":[],"more":1}\n'])(
  '%j is refused politely',
  async (line) => {
    server = await serveCommands({ path: path(), run: echo })
    expect(JSON.parse(await send(line))).toMatchObject({ exitCode: 2 })
  },
)

test('a line without end is cut off', async () => {
  server = await serveCommands({ path: path(), run: echo })
  expect(await send('x'.repeat(200_000))).toBe('')
})

async function send(text: string): Promise<string> {
  const socket = createConnection(path())
  socket.on('error', () => {})
  socket.write(text)
  let answer = ''
  socket.on('data', (chunk) => {
    answer += chunk
  })
  await new Promise((done) => socket.once('close', done))
  return answer
}
