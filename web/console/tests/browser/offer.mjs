// Puts an offer on the agent's table.

export async function withOffer(desk) {
  const conversation = desk.conversations['77']
  const offer = {
    request: '55', conversation, first_words: 'Do you engrave 60 cups by 5 Dec?', expires: (Date.now() + 20_000) * 1000, expires_in_ms: 20_000,
    why: { waited_ms: 12_000, head_start_ms: 90_000, counts_as_ms: 102_000, score: 71, basis: 'orders', ahead_of: 2, reasons: [{ code: 'previous_agent' }, { code: 'had_room', used: 7, units: 12 }] },
  }
  desk.offers.set('55', offer)
  desk.publish('offer', { offer })
}
