import { notYet } from '../not-yet.ts'
import type { SwarmPart } from '../part.ts'

export const measureFit: SwarmPart = () => notYet('fit')
