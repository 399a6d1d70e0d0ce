const FIRST_BYTES = 16_384
const KEPT_BYTES = 262_144
const TEXT_FORMAT = 0
const BINARY_FORMAT = 1
const NULL = -1
const EPOCH_MS = Date.UTC(2000, 0, 1)
const DAY_MS = 86_400_000

/** A value that its parameter cannot hold; `code` is PostgreSQL's for the same fault (invalid text representation). */
class UnfitValue extends Error {
  override readonly name = 'UnfitValue'
  readonly code = '22P02'
}

/** Where messages are written before they are copied out; nothing else runs meanwhile, so that one serves all. */
let scratch = Buffer.allocUnsafe(FIRST_BYTES)

/**
 * Messages of PostgreSQL's extended query protocol, gathered so that they leave in one write (PostgreSQL documentation, chapters "Frontend/
 * Backend Protocol" and, for the binary forms, `src/backend/utils/adt`). Parameters whose type is known to be an array travel in binary
 * form: neither side has to print and parse them.
 */
export class Messages {
  #bytes = scratch
  #at = 0

  /** Prepares `text` under a name; what a failed round trip may have left under it is closed first. */
  prepare(name: string, text: string): void {
    const close = this.#begin('C')
    this.#byte(0x53).#cString(name).#end(close, 4)
    const parse = this.#begin('P')
    this.#cString(name).#cString(text).#int16(0).#end(parse, 4)
    const describe = this.#begin('D')
    this.#byte(0x53).#cString(name).#end(describe, 4)
  }

  /**
   * Executes a prepared statement.
   * @throws UnfitValue when a value does not suit its type; nothing of these messages must be sent then
   */
  execute(name: string, types: readonly string[] | undefined, values: readonly unknown[]): void {
    const elements = values.map((_, index) => arrays.get(types?.[index] ?? ''))
    const bind = this.#begin('B')
    this.#cString('').#cString(name).#int16(values.length)
    for (const [index, value] of values.entries())
      this.#int16(value instanceof Uint8Array || elements[index] ? BINARY_FORMAT : TEXT_FORMAT)
    this.#int16(values.length)
    for (const [index, value] of values.entries()) this.#value(value, elements[index])
    this.#int16(0).#end(bind, 4)
    const execute = this.#begin('E')
    this.#cString('').#int32(0).#end(execute, 4)
  }

  /** Ends the transaction; what came before it is answered. */
  sync(): void {
    this.#end(this.#begin('S'), 4)
  }

  /** Everything written so far, in memory of its own. */
  bytes(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#at))
  }

  /** @returns where the length will stand */
  #begin(code: string): number {
    this.#byte(code.charCodeAt(0))
    return this.#sized()
  }

  /** Room for a length in front of what follows. */
  #sized(): number {
    const start = this.#at
    this.#int32(0)
    return start
  }

  /** Writes the length of what came since, counting `own` bytes for itself. */
  #end(start: number, own: number): void {
    this.#bytes.writeInt32BE(this.#at - start - 4 + own, start)
  }

  #value(value: unknown, element: Element | undefined): void {
    if (value === null || value === undefined) {
      this.#int32(NULL)
      return
    }
    const start = this.#sized()
    if (value instanceof Uint8Array) this.#raw(value)
    else if (element && Array.isArray(value)) this.#array(element, value)
    else this.#text(textOf(value))
    this.#end(start, 0)
  }

  #array(element: Element, values: readonly unknown[]): void {
    this.#int32(values.length === 0 ? 0 : 1)
      .#int32(1)
      .#int32(element.oid)
    if (values.length === 0) return
    this.#int32(values.length).#int32(1)
    for (const value of values) {
      if (value === null || value === undefined) {
        this.#int32(NULL)
        continue
      }
      const start = this.#sized()
      this.#element(element.form, value)
      this.#end(start, 0)
    }
  }

  #element(form: Element['form'], value: unknown): void {
    if (form === 'text') this.#text(String(value))
    else if (form === 'bytes') this.#raw(value as Uint8Array)
    else if (form === 'bool') this.#byte(value === true ? 1 : 0)
    else if (form === 'int') this.#int32(whole(value, 2 ** 31))
    else if (form === 'moment') this.#moment(value)
    else this.#int32(whole(Math.floor((milliseconds(value) - EPOCH_MS) / DAY_MS), 2 ** 31))
  }

  /** Microseconds since 2000 as a 64-bit integer. */
  #moment(value: unknown): void {
    const micros = whole((milliseconds(value) - EPOCH_MS) * 1000, Number.MAX_SAFE_INTEGER)
    const high = Math.floor(micros / 2 ** 32)
    this.#int32(high)
    this.#room(4)
    this.#at = this.#bytes.writeUInt32BE(micros - high * 2 ** 32, this.#at)
  }

  #cString(text: string): this {
    this.#text(text)
    return this.#byte(0)
  }

  #text(text: string): void {
    // At most three bytes for each UTF-16 unit.
    this.#room(text.length * 3)
    this.#at += this.#bytes.write(text, this.#at, 'utf8')
  }

  #raw(bytes: Uint8Array): void {
    this.#room(bytes.length)
    this.#bytes.set(bytes, this.#at)
    this.#at += bytes.length
  }

  #byte(value: number): this {
    this.#room(1)
    this.#bytes[this.#at++] = value
    return this
  }

  #int16(value: number): this {
    this.#room(2)
    this.#at = this.#bytes.writeInt16BE(value, this.#at)
    return this
  }

  #int32(value: number): this {
    this.#room(4)
    this.#at = this.#bytes.writeInt32BE(value, this.#at)
    return this
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#at + bytes))
    this.#bytes.copy(larger, 0, 0, this.#at)
    this.#bytes = larger
    if (larger.length <= KEPT_BYTES) scratch = larger
  }
}

interface Element {
  readonly oid: number
  readonly form: 'text' | 'bytes' | 'bool' | 'int' | 'moment' | 'day'
}

/** Array types that have a binary form here, with the OID of their elements (`pg_type.dat`). */
const arrays: ReadonlyMap<string, Element> = new Map([
  ['text[]', { oid: 25, form: 'text' }],
  ['bytea[]', { oid: 17, form: 'bytes' }],
  ['boolean[]', { oid: 16, form: 'bool' }],
  ['int[]', { oid: 23, form: 'int' }],
  ['timestamptz[]', { oid: 1184, form: 'moment' }],
  ['date[]', { oid: 1082, form: 'day' }],
])

/** @param end the first whole number that does not fit; its negative does */
function whole(value: unknown, end: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value < end && value >= -end) return value
  throw new UnfitValue(`a whole number was expected, not ${typeof value === 'number' ? value : typeof value}`)
}

/** Of a Date or an ISO 8601 text. */
function milliseconds(value: unknown): number {
  return value instanceof Date ? value.getTime() : Date.parse(String(value))
}

function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return `{${value.map(elementText).join(',')}}`
  return String(value)
}

/** For arrays of types without a binary form here (PostgreSQL documentation, "Array Input and Output Syntax"). */
function elementText(value: unknown): string {
  if (value === null || value === undefined) return 'NULL'
  const text = value instanceof Uint8Array ? `\\x${Buffer.from(value).toString('hex')}` : textOf(value)
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}
