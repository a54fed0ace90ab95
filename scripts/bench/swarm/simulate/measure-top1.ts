import { notYet } from '../not-yet.ts'
import type { SwarmPart } from '../part.ts'

export const measureTop1: SwarmPart = () => notYet('top1')
