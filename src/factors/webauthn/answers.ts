import { z } from 'zod'

/** What a browser answers, as `PublicKeyCredential.toJSON` writes it (WebAuthn level 3, section 5.1); members that we do not need are dropped. */
const bytes = z
  .string()
  .min(1)
  .max(16_000)
  .regex(/^[\w-]+$/)

/** Section 5.8.1. An embedded page, `crossOrigin`, is none of ours. */
const ClientData = z.object({
  type: z.string(),
  challenge: bytes,
  origin: z.string(),
  crossOrigin: z.literal(false).optional(),
  topOrigin: z.undefined().optional(),
})

const publicKey = {
  /** Of 16 to 1023 bytes (section 4). */
  id: bytes.min(22).max(1364),
  rawId: bytes,
  type: z.literal('public-key'),
  clientExtensionResults: z
    .unknown()
    .optional()
    .transform(() => ({})),
}

const Registration = z.object({
  ...publicKey,
  response: z.object({
    clientDataJSON: bytes,
    attestationObject: bytes,
    transports: z
      .array(z.string().regex(/^[a-z-]{1,32}$/))
      .max(8)
      .catch([]),
  }),
})

const Assertion = z.object({
  ...publicKey,
  response: z.object({
    clientDataJSON: bytes,
    authenticatorData: bytes,
    signature: bytes,
    userHandle: bytes.nullish().transform((handle) => handle ?? undefined),
  }),
})

/** An answer that could be read; whether it is true is another question. */
export type Read<T> = T & { readonly challenge: string }
export type Registration = Read<z.output<typeof Registration>>
export type Assertion = Read<z.output<typeof Assertion>>

/** @param typed the JSON that the script of the page put into the form */
export function readRegistration(typed: string | undefined): Registration | undefined {
  return read(Registration, typed)
}

export function readAssertion(typed: string | undefined): Assertion | undefined {
  return read(Assertion, typed)
}

function read<T extends { response: { clientDataJSON: string } }>(
  shape: z.ZodType<T>,
  typed: string | undefined,
): Read<T> | undefined {
  const answer = shape.safeParse(parsed(typed))
  if (!answer.success) return undefined
  const { clientDataJSON } = answer.data.response
  const clientData = ClientData.safeParse(parsed(Buffer.from(clientDataJSON, 'base64url').toString('utf8')))
  return clientData.success ? { ...answer.data, challenge: clientData.data.challenge } : undefined
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}
