import type OidcProvider from 'oidc-provider'

interface Request {
  readonly error_description?: string
  errorDescription?: string | undefined
  save(...args: unknown[]): Promise<string>
}

/** Lets a client read why its request was refused: the provider stores the description under another name than it looks for. */
export function keepDescriptions(provider: OidcProvider): void {
  const { prototype } = provider.BackchannelAuthenticationRequest as unknown as { prototype: Request }
  const { save } = prototype
  prototype.save = function saved(...args) {
    this.errorDescription ??= this.error_description
    return save.apply(this, args)
  }
}
