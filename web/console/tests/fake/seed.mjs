// A small believable desk: eight customers, one of them with a long history, orders, notes and a colleague.

const minute = 60_000_000
const day = 86_400_000_000

export function seed(now = Date.now() * 1000) {
  const agents = [
    { id: '4', name: 'Ana Flores', email: 'ana@demo.test', roles: [{ role: 'admin' }], presence: 'available', units: 12, used: 7.5 },
    { id: '5', name: 'Ben Kessler', email: 'ben@demo.test', roles: [{ role: 'agent' }], presence: 'available', units: 12, used: 4 },
    { id: '6', name: 'Trang Nguyen', email: 'trang@demo.test', roles: [{ role: 'agent' }], presence: 'busy', units: 12, used: 9 },
    { id: '7', name: '周敏', email: 'zhou@demo.test', roles: [{ role: 'lead' }], presence: 'offline', units: 10, used: 0 },
  ].map((each) => ({ active: true, teams: ['2'], skills: [], created: now - 90 * day, load: { used: each.used, units: each.units }, ...each }))
  const people = [
    ['11', 'Øyvind Bråten', 'major', 'email', 'after_sale', 'A10177', 'delivered', 'The lid arrived chipped, photos attached. I’d rather not send it all back.', 2, -190, 'nb'],
    ['12', '林晓雨 Lin Xiaoyu', 'vip', 'wechat', 'in_sale', 'A10293', 'shipped', '周五之前要用，是送客户的，家里白天没人签收。', 0, 48, 'zh-CN'],
    ['13', 'نورة الحربي', 'regular', 'whatsapp', 'pre_sale', '', '', 'هل يمكن شحن الطقم إلى الرياض قبل نهاية الأسبوع؟', 1, 252, 'ar'],
    ['14', 'Priya Raghunathan-Venkataraman', 'major', 'web', 'pre_sale', '', '', 'Could you quote 240 gift sets with our logo?', 0, 1080, 'en'],
    ['15', 'José & Mar 👩‍🍳', 'small', 'web', 'in_sale', 'A10301', 'placed', 'We will pay tonight.', 0, null, 'es'],
    ['16', '王建国', 'regular', 'sms', 'after_sale', 'A10244', 'refunded', '好的，谢谢，等退款到账我再看看。', 0, 4800, 'zh-CN'],
    ['17', 'Kofi Mensah', 'small', 'email', 'after_sale', '', '', 'Re: Invoice for September, could you add our VAT number?', 0, null, 'en'],
    ['18', 'Marcus Hale', 'major', 'web', 'pre_sale', '', '', 'Do you engrave 60 cups by 5 Dec?', 1, 300, 'en'],
  ]
  const customers = {}
  const conversations = {}
  const orders = {}
  for (const [index, [id, name, tier, channel, stage, number, status, text, unread, left, locale]] of people.entries()) {
    customers[id] = {
      id, at: '100', name, anonymous: false, verified: index % 3 !== 2, tier, score: 90 - index * 9, locale, timezone: index === 1 ? 'Asia/Shanghai' : 'Europe/Oslo',
      value: { total_minor: 2952000 - index * 310000, currency: 'CNY', basis: 'orders', orders: 27 - index * 3, top_percent: 1 + index * 7 }, company: null,
      identities: [{ id: `${id}1`, kind: 'email', address: `customer${id}@example.test`, verified: true, channel: 'email' }, { id: `${id}2`, kind: 'phone', address: '+86 138 0000 0000', verified: false, channel: 'voice' }],
      tags: [], attributes: index === 1 ? { birthday: '05-12' } : {}, fields: index === 1 ? { likes: '哑光釉, gift wrapping' } : {}, completeness: 0.4, created: now - 300 * day, merged_into: null, page: null,
    }
    const due = left === null ? null : now + left * 1_000_000
    conversations[`7${index}`] = {
      id: `7${index}`, at: String(101 + index), inbox: '3', customer: { id, name, tier, verified: index % 3 !== 2, locale, anonymous: false }, status: index === 4 ? 'pending' : 'open', priority: index === 0 ? 'high' : 'none',
      stage, stage_by_hand: false, channel, subject: index === 6 ? 'Invoice for September' : '', assignee: index === 7 ? null : { id: '4', name: 'Ana Flores' }, team: '2', tags: index === 1 ? ['7'] : [], seq: 10, public_seq: 8,
      preview: { text, kind: 'message', author: 'customer', at: now - index * 7 * minute }, order: number ? { id: `9${index}`, number, status } : null, opened: now - 3 * day, last_activity: now - index * 7 * minute,
      waiting_since: due === null ? null : Math.min(now - minute, due - 220_000_000), first_response_due: due, snoozed_until: null, resolved: null, unread, agent_read_seq: 10 - unread, customer_read_seq: 8, failed: false, request: null,
    }
    orders[id] = number ? [{ id: `9${index}`, number, customer: id, status, currency: 'CNY', total_minor: 160800, cost_minor: null, lines: [{ sku: 'g6', name: 'Gaiwan set, matte', quantity: 6, unit_minor: 26800 }], placed: now - 4 * day, paid: now - 4 * day, shipped: now - day, delivered: null, returned: null, refunded: null, cancelled: null, carrier: 'SF Express', tracking: 'SF1402 8840 113', eta: now + 3 * day, conversation: `7${index}`, updated: now, at: '99' }] : []
  }
  orders['12'].push({ ...orders['12'][0], id: '98', number: 'A09811', status: 'delivered', total_minor: 48600, lines: [{ sku: 't', name: 'Tea tray, walnut', quantity: 1, unit_minor: 48600 }], delivered: now - 40 * day, tracking: '', carrier: '' })
  orders['12'].push({ ...orders['12'][0], id: '97', number: 'A09540', status: 'returned', total_minor: 5800, lines: [{ sku: 's', name: 'Strainer', quantity: 1, unit_minor: 5800 }], delivered: now - 70 * day, returned: now - 66 * day, tracking: '', carrier: '' })
  return { agents, customers, conversations, orders, entries: timelines(conversations, now), now }
}

function timelines(conversations, now) {
  const all = []
  const add = (conversation, seq, part) => {
    const where = conversations[conversation]
    all.push({
      id: String(1000 + all.length), conversation, customer: where.customer.id, seq, public_seq: seq, kind: 'message', author: { kind: 'customer', id: where.customer.id, name: where.customer.name }, channel: where.channel,
      public: true, stage: where.stage, text: '', happened: now, received: part.happened ?? now, delivery: 'none', attachments: [], details: {}, revision: 0, redacted: false, ...part,
    })
  }
  const ana = { kind: 'agent', id: '4', name: 'Ana Flores' }
  add('71', 1, { channel: 'email', stage: 'pre_sale', text: 'Is the matte glaze safe for the dishwasher? I need six sets as client gifts.', happened: now - 4 * day })
  add('71', 2, { channel: 'email', stage: 'pre_sale', author: ana, text: 'It is, up to 70 °C. For six sets I can hold the price at ¥268 each until Friday.', happened: now - 4 * day + 19 * minute, delivery: 'read' })
  add('71', 3, { kind: 'order', stage: 'in_sale', author: { kind: 'system', name: '' }, happened: now - 4 * day + 50 * minute, details: { order: '91', number: 'A10293', status: 'paid', total_minor: 160800, currency: 'CNY', lines: [{ name: 'Gaiwan set, matte', quantity: 6 }] } })
  add('71', 4, { kind: 'order', stage: 'in_sale', author: { kind: 'system', name: '' }, happened: now - 20 * minute, details: { order: '91', number: 'A10293', status: 'shipped', total_minor: 160800, currency: 'CNY', lines: [] } })
  add('71', 5, { stage: 'in_sale', text: '你好，我刚看到已经发货了。可以改送到公司吗？', happened: now - 10 * minute })
  add('71', 6, { stage: 'in_sale', text: '周五之前要用，是送客户的，家里白天没人签收。', happened: now - 9 * minute })
  add('71', 7, { kind: 'note', public: false, stage: 'in_sale', author: { kind: 'agent', id: '5', name: 'Ben Kessler' }, text: 'SF lets us change the address once before sorting, cut-off is 11:30. @Ana Flores go ahead, no fee for VIP. https://sf.example/change', happened: now - 8 * minute })
  for (const conversation of Object.values(conversations)) {
    if (conversation.id === '71') continue
    add(conversation.id, 9, { text: 'Hello, I have a question.', happened: conversation.last_activity - 4 * minute })
    add(conversation.id, 10, { text: conversation.preview.text, happened: conversation.last_activity })
  }
  return all
}
