import type { CDPSession, Page } from 'playwright-core'

export interface Habits {
  /** A passkey of a provider that copies it to further devices. */
  readonly synced?: boolean
  readonly verifiesUser?: boolean
}

/** Chromium's own authenticator in software, in place of a telephone's or a hardware key's. One page has it. */
export class VirtualKey {
  readonly #session: CDPSession
  readonly #id: string

  private constructor(session: CDPSession, id: string) {
    this.#session = session
    this.#id = id
  }

  static async plugIn(page: Page, { synced = false, verifiesUser = true }: Habits = {}): Promise<VirtualKey> {
    const session = await page.context().newCDPSession(page)
    await session.send('WebAuthn.enable', { enableUI: false })
    const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: verifiesUser,
        isUserVerified: verifiesUser,
        automaticPresenceSimulation: true,
        defaultBackupEligibility: synced,
        defaultBackupState: synced,
      },
    })
    return new VirtualKey(session, authenticatorId)
  }

  async unplug(): Promise<void> {
    await this.#session.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: this.#id })
  }

  /** Whether somebody touches it as soon as it is asked; otherwise it waits. */
  async touched(enabled: boolean): Promise<void> {
    await this.#session.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId: this.#id, enabled })
  }

  async credentials() {
    const { credentials } = await this.#session.send('WebAuthn.getCredentials', { authenticatorId: this.#id })
    return credentials
  }

  /** A copy of its only credential, whose counter goes its own way; takes the place of the original. */
  async becomeCopy(counter: number): Promise<void> {
    const [credential] = await this.credentials()
    if (!credential) throw new Error('there is nothing to copy')
    const { credentialId } = credential
    await this.#session.send('WebAuthn.removeCredential', { authenticatorId: this.#id, credentialId })
    const copy = { ...credential, signCount: counter }
    await this.#session.send('WebAuthn.addCredential', { authenticatorId: this.#id, credential: copy })
  }
}
