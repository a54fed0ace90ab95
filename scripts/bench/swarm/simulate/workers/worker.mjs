// JavaScript, for it comes before what reads TypeScript: a loader that the process was given reaches no thread in Node 20.
import { register } from 'tsx/esm/api'

register()
await import('./worker.ts')
