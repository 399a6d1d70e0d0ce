import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { isoCBOR } from '@simplewebauthn/server/helpers'

/** What a page hands to the browser, and some of what a lying browser or authenticator could make of it. */
export interface Ceremony {
  readonly challenge: string
  readonly origin?: string
  readonly rpId?: string
  readonly type?: string
  readonly crossOrigin?: boolean
  readonly topOrigin?: string
  readonly userPresent?: boolean
  readonly userVerified?: boolean
  readonly synced?: boolean
  readonly backedUp?: boolean
  /** Says this in place of counting. */
  readonly counter?: number
  /** null leaves it out. */
  readonly userHandle?: string | null
  /** Of an attestation that nobody asked for. */
  readonly statement?: { readonly fmt: string; readonly attStmt: Map<string, unknown> }
}

const UP = 0x01
const UV = 0x04
const BE = 0x08
const BS = 0x10
const AT = 0x40

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest()
const base64url = (data: string | Buffer | Uint8Array) => Buffer.from(data).toString('base64url')
const encoded = (value: unknown) => Buffer.from(isoCBOR.encode(value as Parameters<typeof isoCBOR.encode>[0]))

/** An authenticator in software that does by hand what a real one does, so that a test can also do it wrongly. */
export class SoftKey {
  readonly credentialId: string
  readonly #origin: string
  readonly #privateKey: KeyObject
  readonly #publicKey: Map<number, number | Uint8Array>
  readonly #habits: Pick<Ceremony, 'userVerified' | 'synced'> & { readonly counts: boolean }
  userHandle = ''
  counter: number

  /** @param habits a hardware key with user verification that counts its uses, unless told otherwise */
  constructor(
    origin: string,
    habits: { userVerified?: boolean; synced?: boolean; counts?: boolean; credentialId?: string; twin?: SoftKey } = {},
  ) {
    const { twin, counts = true, ...rest } = habits
    this.#origin = origin
    this.#habits = { userVerified: true, synced: false, ...rest, counts }
    this.credentialId = twin?.credentialId ?? habits.credentialId ?? base64url(randomBytes(32))
    this.counter = twin?.counter ?? 0
    if (twin) {
      this.#privateKey = twin.#privateKey
      this.#publicKey = twin.#publicKey
      this.userHandle = twin.userHandle
      return
    }
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const { x = '', y = '' } = pair.publicKey.export({ format: 'jwk' })
    this.#privateKey = pair.privateKey
    this.#publicKey = new Map<number, number | Uint8Array>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, new Uint8Array(Buffer.from(x, 'base64url'))],
      [-3, new Uint8Array(Buffer.from(y, 'base64url'))],
    ])
  }

  /** Answers `navigator.credentials.create`. @param options as JSON in the page, with what is to be done differently */
  create(options: Ceremony & { readonly user?: { readonly id: string } }): string {
    this.userHandle = options.user?.id ?? this.userHandle
    const { fmt, attStmt } = options.statement ?? { fmt: 'none', attStmt: new Map() }
    const id = Buffer.from(this.credentialId, 'base64url')
    const length = Buffer.alloc(2)
    length.writeUInt16BE(id.length)
    const attested = Buffer.concat([Buffer.alloc(16), length, id, encoded(this.#publicKey)])
    const authData = Buffer.concat([this.#authenticatorData(options, AT), attested])
    const attestationObject = encoded(
      new Map<string, unknown>([
        ['fmt', fmt],
        ['attStmt', attStmt],
        ['authData', new Uint8Array(authData)],
      ]),
    )
    return this.#answer({
      clientDataJSON: base64url(this.#clientData(options, 'webauthn.create')),
      attestationObject: base64url(attestationObject),
      transports: ['internal'],
    })
  }

  /** Answers `navigator.credentials.get`. */
  get(options: Ceremony): string {
    if (this.#habits.counts) this.counter += 1
    const authenticatorData = this.#authenticatorData(options, 0)
    const clientData = this.#clientData(options, 'webauthn.get')
    const signature = sign('sha256', Buffer.concat([authenticatorData, sha256(clientData)]), this.#privateKey)
    const userHandle = options.userHandle === undefined ? this.userHandle : options.userHandle
    return this.#answer({
      clientDataJSON: base64url(clientData),
      authenticatorData: base64url(authenticatorData),
      signature: base64url(signature),
      ...(userHandle !== null && { userHandle }),
    })
  }

  #answer(response: Readonly<Record<string, unknown>>): string {
    const id = this.credentialId
    return JSON.stringify({ id, rawId: id, type: 'public-key', response, clientExtensionResults: {} })
  }

  #clientData(
    { challenge, origin = this.#origin, type, crossOrigin = false, topOrigin }: Ceremony,
    usual: string,
  ): string {
    return JSON.stringify({ type: type ?? usual, challenge, origin, crossOrigin, ...(topOrigin && { topOrigin }) })
  }

  #authenticatorData(options: Ceremony, further: number): Buffer {
    const { userVerified = this.#habits.userVerified, synced = this.#habits.synced, userPresent = true } = options
    const { backedUp = synced, rpId = new URL(this.#origin).hostname, counter = this.counter } = options
    const flags = Buffer.of(
      further | (userPresent ? UP : 0) | (userVerified ? UV : 0) | (synced ? BE : 0) | (backedUp ? BS : 0),
    )
    const count = Buffer.alloc(4)
    count.writeUInt32BE(counter)
    return Buffer.concat([sha256(rpId), flags, count])
  }
}
