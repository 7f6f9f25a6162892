import { describe, expect, it } from 'vitest'
import { mayTake } from '@/conversation/receivers'

const here = { inbox: '3', team: '2' }
const somebody = (...roles: { role: 'agent' | 'lead' | 'admin' | 'analyst'; inbox?: string; team?: string }[]) => ({ active: true, roles })

describe('a conversation may be handed to', () => {
  it('people who answer customers everywhere, in its inbox, or in its team', () => {
    for (const grant of [{}, { inbox: '3' }, { team: '2' }]) expect(mayTake(somebody({ role: 'agent', ...grant }), here)).toBe(true)
    expect(mayTake(somebody({ role: 'admin' }, { role: 'lead' }), here)).toBe(true)
  })

  it('nobody else', () => {
    for (const grant of [{ inbox: '4' }, { team: '5' }]) expect(mayTake(somebody({ role: 'agent', ...grant }), here)).toBe(false)
    expect(mayTake(somebody({ role: 'admin' }, { role: 'analyst' }), here)).toBe(false)
    expect(mayTake({ ...somebody({ role: 'agent' }), active: false }, here)).toBe(false)
    expect(mayTake(somebody({ role: 'agent', team: '2' }), { inbox: '3', team: null })).toBe(false)
  })
})
