// What the agent's socket understands, as docs/realtime.md says; the same cid twice brings the first answer.

function stale(desk, frame, where) {
  if (frame.force) return null
  const missed = desk.entries.filter((entry) => entry.conversation === where.id && entry.seq > frame.base && entry.author.kind === 'agent' && entry.author.id !== '4' && entry.public)
  return missed.length ? { op: 'err', cid: frame.cid, code: 'stale_reply', retryable: false, detail: 'A colleague was first.', entries: missed, conversation: where } : null
}

const changes = {
  status: (frame) => ({ status: frame.status, snoozed_until: frame.until ?? null }),
  assign: (frame, desk) => ({ assignee: frame.agent ? named(desk, frame.agent) : null }),
  transfer: (frame, desk) => ({ assignee: frame.agent ? named(desk, frame.agent) : null, ...(frame.team ? { team: frame.team } : {}) }),
  priority: (frame) => ({ priority: frame.priority }),
  stage: (frame, _desk, where) => ({ stage: frame.stage ?? (where.order ? 'in_sale' : 'pre_sale'), stage_by_hand: frame.stage !== null }),
  tag: (frame, _desk, where) => ({ tags: [...new Set([...where.tags, frame.tag])] }),
  untag: (frame, _desk, where) => ({ tags: where.tags.filter((tag) => tag !== frame.tag) }),
}

function named(desk, id) {
  const { name } = desk.agents.find((agent) => agent.id === id)
  return { id, name }
}

function write(desk, frame, where) {
  const refused = frame.op === 'reply' ? stale(desk, frame, where) : null
  if (refused) return refused
  const attachments = (frame.attachments ?? []).map((id) => desk.files.get(id)).filter(Boolean)
  const made = desk.append(where.id, {
    kind: frame.op === 'note' ? 'note' : 'message', public: frame.op === 'reply', author: { kind: 'agent', id: '4', name: 'Ana Flores' }, text: frame.text, cid: frame.cid,
    delivery: frame.op === 'reply' ? 'sent' : 'none', attachments,
  })
  const then = { resolve: 'resolved', pending: 'pending', snooze: 'snoozed' }[frame.then]
  if (then) desk.publish('conversation_changed', { conversation: { ...desk.conversations[where.id], status: then }, cause: 'status' })
  return { op: 'ok', cid: frame.cid, ...made }
}

function carryOut(desk, frame) {
  if (!desk.writable) return { op: 'err', cid: frame.cid, code: 'unavailable', detail: 'The disk is full.', retryable: true, retry_after_ms: 1000 }
  if (frame.op === 'draft') {
    const saved = Date.now() * 1000
    desk.drafts.set(`${frame.conversation}/${frame.mode}`, { conversation: frame.conversation, mode: frame.mode, text: frame.text, attachments: [], base: frame.base, saved })
    if (!frame.text) desk.drafts.delete(`${frame.conversation}/${frame.mode}`)
    return { op: 'ok', cid: frame.cid, at: String(desk.position), saved }
  }
  if (frame.op === 'presence') {
    desk.agents[0].presence = frame.presence
    return { op: 'ok', cid: frame.cid, at: desk.publish('presence_changed', { agent: { id: '4', name: 'Ana Flores', presence: frame.presence } }) }
  }
  if (frame.op === 'accept' || frame.op === 'decline') {
    const offer = desk.offers.get(frame.request)
    if (!offer) return { op: 'err', cid: frame.cid, code: 'gone', retryable: false }
    desk.offers.delete(frame.request)
    if (frame.op === 'accept') {
      const where = desk.conversations[offer.conversation.id]
      desk.publish('conversation_changed', { conversation: { ...where, assignee: named(desk, '4') }, cause: 'assignee' })
    }
    return { op: 'ok', cid: frame.cid, at: desk.publish('offer_gone', { request: frame.request, why: frame.op === 'accept' ? 'accepted' : 'declined' }) }
  }
  const where = desk.conversations[frame.conversation]
  if (!where) return { op: 'err', cid: frame.cid, code: 'not_found', retryable: false }
  if (frame.op === 'reply' || frame.op === 'note') return write(desk, frame, where)
  const change = changes[frame.op]
  if (!change) return { op: 'err', cid: frame.cid, code: 'invalid', retryable: false }
  if (desk.refuse === frame.op) return { op: 'err', cid: frame.cid, code: 'forbidden', retryable: false, detail: 'This needs the permission conversations:write; ask an administrator for a role that has it.' }
  return { op: 'ok', cid: frame.cid, at: desk.publish('conversation_changed', { conversation: { ...where, ...change(frame, desk, where) }, cause: frame.op }) }
}

export function commands(desk, socket, frame) {
  if (frame.op === 'hello') {
    if (!desk.loggedIn) return socket.close(4003, 'session')
    desk.sockets.add(socket)
    const missed = frame.epoch === 'e1' && frame.at ? desk.log.filter((event) => Number(event.at) > Number(frame.at)) : null
    const resumed = missed !== null
    socket.send({
      op: 'welcome', v: 1, epoch: 'e1', as_of: resumed ? frame.at : String(desk.position), resume: resumed ? 'replay' : 'snapshot', server_time: Date.now() * 1000, app: '1.0.0',
      me: { id: '4', name: 'Ana Flores' }, limits: { text: 20000 }, offers: [...desk.offers.values()], presence: desk.agents[0].presence, load: { used: 7.5, units: 12 },
    })
    if (missed?.length) socket.send(missed)
    return
  }
  if (frame.op === 'ping') return socket.send({ op: 'pong', t: frame.t, server_time: Date.now() * 1000 })
  if (frame.op === 'read') {
    const where = desk.conversations[frame.conversation]
    return void desk.publish('conversation_changed', { conversation: { ...where, unread: 0, agent_read_seq: Math.max(where.agent_read_seq, frame.seq) }, cause: 'read' })
  }
  desk.casts = [...(desk.casts ?? []).slice(-50), frame]
  if (!frame.cid) return
  const answer = desk.done.get(frame.cid) ?? carryOut(desk, frame)
  if (!(answer.op === 'err' && answer.retryable)) desk.done.set(frame.cid, answer)
  socket.send(answer)
}
