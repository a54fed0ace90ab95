import { createServer, request, type Server } from 'node:http'
import { text as readText } from 'node:stream/consumers'
import type { Answer, Answerer } from '../../miner/answerer.ts'
import { StarlingError } from '../../shared/process/errors.ts'
import { fromHex, toHex } from '../../shared/proof/hash.ts'
import type { Challenge } from '../../shared/protocol/messages.ts'

// The back door through which a copycat buys answers: HTTP over a Unix socket between two miners, unseen by any validator.

/** Sells this miner's answers: whoever asks gets what the miner itself would have sent, sampled under the miner's own seed. */
export function sellAnswers(socket: string, answerer: Answerer): Server {
  return createServer((incoming, outgoing) => {
    readText(incoming)
      .then(async (body) => {
        const { id, model, ...rest } = JSON.parse(body)
        const challenge: Challenge = { ...rest, id: fromHex(id), model: fromHex(model) }
        const answer = await answerer(challenge, AbortSignal.timeout(challenge.deadlineMs))
        outgoing.end(JSON.stringify({ ...answer, sketches: answer.sketches && [...answer.sketches] }))
      })
      .catch(() => outgoing.writeHead(500).end())
  }).listen(socket)
}

/** Answers with what another miner sells, instead of computing anything. */
export function buyAnswers(socket: string): Answerer {
  return (challenge, signal) =>
    new Promise<Answer>((resolve, reject) => {
      const order = request({ socketPath: socket, path: '/', method: 'POST', signal }, (response) => {
        if (response.statusCode === 200) readText(response).then((body) => resolve(parseAnswer(body)), reject)
        else reject(new StarlingError('BUSY', 'the other miner sold nothing'))
      })
      order.on('error', reject)
      order.end(JSON.stringify({ ...challenge, id: toHex(challenge.id), model: toHex(challenge.model) }))
    })
}

function parseAnswer(body: string): Answer {
  const { sketches, ...answer } = JSON.parse(body)
  return sketches === undefined ? answer : { ...answer, sketches: Float32Array.from(sketches) }
}
