/** How the demo relying party is registered with the provider; the secret and the way it is stored are the provider's business. */
export interface DemoClient {
  readonly client_id: string
  readonly client_name: string
  readonly 'client_name#en': string
  readonly redirect_uris: string[]
  readonly post_logout_redirect_uris: string[]
  readonly response_types: string[]
  readonly grant_types: string[]
  readonly token_endpoint_auth_method: string
  readonly scope: string
  /** Why the data is asked for; shown on the consent page. */
  readonly purpose: string
  readonly 'purpose#en': string
}

export const CALLBACK_PATH = '/callback'
export const SIGNED_OUT_PATH = '/signed-out'
export const DEMO_NAME = { ru: 'Соцвыплаты онлайн', en: 'Social benefits online' } as const

/** @param origins every origin that the demo answers on, e.g. `http://localhost:3001` and `http://127.0.0.1:3001` */
export function demoClient(origins: readonly string[]): DemoClient {
  return {
    client_id: 'demo',
    client_name: DEMO_NAME.ru,
    'client_name#en': DEMO_NAME.en,
    redirect_uris: origins.map((origin) => `${origin}${CALLBACK_PATH}`),
    post_logout_redirect_uris: origins.map((origin) => `${origin}${SIGNED_OUT_PATH}`),
    response_types: ['code'],
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'client_secret_basic',
    scope: 'openid profile email phone identity_level snils offline_access',
    purpose: 'Чтобы заполнить за вас заявление на выплату и сообщить о решении.',
    'purpose#en': 'To fill in your application for a benefit and tell you the decision.',
  }
}
