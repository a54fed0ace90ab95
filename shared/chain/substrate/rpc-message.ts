import { z } from 'zod'

/** An error that the node answered with, as JSON-RPC has it. */
export interface RpcReply extends Error {
  readonly code: number
  readonly data: unknown
}

export function isRpcReply(error: unknown): error is RpcReply {
  return error instanceof Error && error.name === 'RpcReply'
}

/** True when the node refused to look at a request for there were too many; nodes and proxies give it different codes. */
export function isThrottled({ message }: RpcReply): boolean {
  return /rate limit|too many requests/i.test(message)
}

/** What a node sends: the answer to a request, or news of a subscription. */
export type RpcMessage =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: RpcReply }
  | { readonly subscription: string; readonly result: unknown }

const errorSchema = z.object({ code: z.number(), message: z.string(), data: z.unknown().optional() })
const subscriptionId = z.union([z.string(), z.number()]).transform(String)

const messageSchema = z.union([
  z
    .object({ id: z.number(), error: errorSchema })
    .transform(({ id, error }) => ({ id, error: reply(error) })),
  z.object({ id: z.number(), result: z.unknown() }),
  z
    .object({ method: z.string(), params: z.object({ subscription: subscriptionId, result: z.unknown() }) })
    .transform(({ params }) => params),
])

/** Reads a node's message; undefined for anything that is none. */
export function parseMessage(text: string): RpcMessage | undefined {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return undefined
  }
  return messageSchema.safeParse(json).data
}

/** Key of a subscription, from the answer that started it. @throws ZodError when it is none */
export function parseSubscriptionId(result: unknown): string {
  return subscriptionId.parse(result)
}

function reply({ code, message, data }: z.output<typeof errorSchema>): RpcReply {
  return Object.assign(new Error(message), { name: 'RpcReply', code, data })
}
