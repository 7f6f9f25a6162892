#include "tests/store/routing/contact_center.hpp"

#include "crm/base/sodium.hpp"

namespace routing::test {

contact_center::contact_center(crm::test::backend on, policy rules) : base{on}, ids{base.time, 7}
{
    how.rules = std::move(rules);
    how.on_decision = [this](const decision& one) { decided.push_back(one); };
    begin();
    const auto by = acting();
    const auto job = [by](crm::transaction& tx) {
        auto now = by;
        crm::inbox shop;
        shop.slug = "shop";
        shop.name = "Shop";
        const auto opened = crm::inboxes::create(tx, now, shop);
        crm::channel_account web;
        web.slug = "shop-web";
        web.inbox = opened.id;
        web.channel = crm::channel::web;
        web.name = "Website";
        web.can = crm::usual_capabilities(crm::channel::web);
        return std::pair{opened.id, crm::channel_accounts::create(tx, now, web).id};
    };
    std::tie(inbox, account) = base.write(job);
    settle();
}

contact_center::~contact_center()
{
    dispatcher->stop();
}

void contact_center::begin()
{
    dispatcher = routing::dispatcher::make(base.io, base.store(), base.time, ids, how);
    board = make_switchboard(base.store(), base.time, ids, *dispatcher);
    dispatcher->start();
    settle();
}

void contact_center::restart()
{
    dispatcher->stop();
    board.reset();
    dispatcher.reset();
    begin();
}

crm::context contact_center::acting(int how_many)
{
    return {.who = {}, .now = base.time.now(), .ids = ids.reserve(how_many)};
}

crm::actor contact_center::agent_actor(crm::agent_id who)
{
    return {
        .kind = crm::actor_kind::agent, .id = crm::raw(who), .by = crm::via::console, .address = {}
    };
}

crm::agent_id contact_center::agent(const std::string& name, int units)
{
    const auto job = [by = acting(), name, units](crm::transaction& tx) {
        auto now = by;
        crm::agent made;
        made.name = name;
        made.email = name + "@example.com";
        made.units = units;
        made.roles = {{crm::role::agent, {}, {}}};
        return crm::staff::create_agent(tx, now, made).id;
    };
    const auto made = base.write(job);
    settle();
    return made;
}

void contact_center::presence(crm::agent_id who, crm::presence to)
{
    run(board->set_presence(agent_actor(who), who, to));
    settle();
}

received contact_center::say(const std::string& visitor, const std::string& text, std::string cid)
{
    incoming what;
    what.inbox = inbox;
    what.who = {.kind = crm::actor_kind::customer, .id = 0, .by = crm::via::widget, .address = {}};
    what.visitor_key = crm::to_hex(crm::sha256(visitor));
    what.text = text;
    what.cid = std::move(cid);
    const received done = run(board->receive(what));
    settle();
    return done;
}

void contact_center::order(crm::customer_id whose, std::int64_t margin_minor)
{
    const auto job = [by = acting(), whose, margin_minor](crm::transaction& tx) {
        auto now = by;
        crm::order one;
        one.number = "A" + crm::to_string(whose) + "-" + std::to_string(margin_minor);
        one.customer = whose;
        one.status = crm::order_status::paid;
        one.total_minor = margin_minor;
        one.placed = one.paid = now.now;
        const auto placed = crm::orders::place(tx, now, one);
        crm::value::refresh(tx, now, whose, crm::happening::order_placed, crm::raw(placed.id));
    };
    base.write(job);
    settle();
}

received contact_center::reply(crm::agent_id who, crm::conversation_id where, std::int64_t seen)
{
    outgoing what;
    what.who = agent_actor(who);
    what.conversation = where;
    what.text = "Here you are.";
    what.base = seen;
    const received done = run(board->reply(what));
    settle();
    return done;
}

void contact_center::accept(crm::agent_id who, crm::request_id which)
{
    run(board->accept(agent_actor(who), which));
    settle();
}

void contact_center::decline(crm::agent_id who, crm::request_id which)
{
    run(board->decline(agent_actor(who), which, "not my field"));
    settle();
}

void contact_center::resolve(crm::agent_id who, crm::conversation_id where)
{
    run(board->set_status(agent_actor(who), where, crm::conversation_status::resolved, std::nullopt)
    );
    settle();
}

void contact_center::settle()
{
    // What the dispatcher decided is stored by jobs of its own; a write behind them waits for them.
    for (int round = 0; round < 3; ++round) {
        base.run_until([&] { return dispatcher->is_idle(); });
        base.write([](crm::transaction&) { return 0; });
    }
    base.run_until([&] { return dispatcher->is_idle(); });
}

void contact_center::until_offers(std::size_t count)
{
    base.run_until([&] { return offers().size() >= count; });
    settle();
}

std::vector<contact_center::made_offer> contact_center::offers() const
{
    std::vector<made_offer> found;
    for (const crm::log_entry& one : base.news)
        if (one.what == crm::happening::request_offered)
            found.push_back(
                {crm::request_id{one.subject}, crm::agent_id{one.number}, one.conversation}
            );
    return found;
}

int contact_center::count(crm::happening what) const
{
    return static_cast<int>(std::count_if(
        base.news.begin(),
        base.news.end(),
        [&](const crm::log_entry& one) { return one.what == what; }
    ));
}

crm::request contact_center::request_of(crm::conversation_id where)
{
    const auto found = base.read([where](crm::db::connection& on) {
        return crm::requests::of_conversation(on, where);
    });
    if (!found)
        throw std::runtime_error{"nobody waits in this conversation"};
    return *found;
}

} // namespace routing::test
