#include "tests/support/builders.hpp"

#include "crm/channel_account.hpp"

namespace crm::test {

house::house()
{
    run([&](transaction& tx, context& as) {
        inbox wanted;
        wanted.slug = "help";
        wanted.name = "Help";
        help = inboxes::create(tx, as, wanted).id;
        channel_account account;
        account.slug = "help-web";
        account.inbox = help;
        account.name = "Website";
        account.can = usual_capabilities(channel::web);
        web = channel_accounts::create(tx, as, account).id;
    });
    ann = add_agent("Ann");
}

context house::by(actor who)
{
    return {.who = std::move(who), .now = time.now(), .ids = ids.reserve(128)};
}

customer_id house::add(const a_customer& like)
{
    const customer_id made = run([&](transaction& tx, context& as) {
        customer_change known;
        if (!like.name().empty())
            known.name = like.name();
        const customer_id id = customers::create(tx, as, known).id;
        if (!like.mail().empty()) {
            identity mail;
            mail.customer = id;
            mail.kind = identity_kind::email;
            mail.address = like.mail();
            mail.source = source::api;
            identities::add(tx, as, mail, true);
        }
        return id;
    });
    if (like.worth() > 0)
        buys(made, "worth-" + to_string(made), order_status::paid, like.worth() * 100);
    return made;
}

agent_id house::add_agent(const std::string& name, std::vector<grant> roles)
{
    return run([&](transaction& tx, context& as) {
        agent wanted;
        wanted.name = name;
        wanted.email = name + "@example.com";
        wanted.roles = roles;
        return staff::create_agent(tx, as, wanted).id;
    });
}

inbox_id house::add_inbox(const std::string& slug)
{
    return run([&](transaction& tx, context& as) {
        inbox wanted;
        wanted.slug = slug;
        wanted.name = slug;
        return inboxes::create(tx, as, wanted).id;
    });
}

conversation house::open(customer_id whom, std::optional<inbox_id> in)
{
    return run(by_customer(whom), [&](transaction& tx, context& as) {
        new_conversation wanted;
        wanted.inbox = in.value_or(help);
        wanted.customer = whom;
        wanted.account = web;
        return conversations::open(tx, as, wanted);
    });
}

appended house::says(const conversation& where, std::string text, std::string cid)
{
    return run(by_customer(where.customer), [&](transaction& tx, context& as) {
        new_entry wanted;
        wanted.conversation = where.id;
        wanted.by = {.kind = author_kind::customer, .id = raw(where.customer), .identity = {}};
        wanted.text = text;
        wanted.cid = cid;
        return timeline::append(tx, as, wanted);
    });
}

appended house::answers(const conversation& where, std::string text, std::string cid)
{
    return run(by_agent(), [&](transaction& tx, context& as) {
        new_entry wanted;
        wanted.conversation = where.id;
        wanted.by = {.kind = author_kind::agent, .id = raw(ann), .identity = {}};
        wanted.text = text;
        wanted.cid = cid;
        wanted.delivery = delivery::queued;
        return timeline::append(tx, as, wanted);
    });
}

appended house::notes(const conversation& where, std::string text)
{
    return run(by_agent(), [&](transaction& tx, context& as) {
        new_entry wanted;
        wanted.conversation = where.id;
        wanted.kind = entry_kind::note;
        wanted.by = {.kind = author_kind::agent, .id = raw(ann), .identity = {}};
        wanted.text = text;
        return timeline::append(tx, as, wanted);
    });
}

order house::buys(
    customer_id whom,
    const std::string& number,
    order_status reached,
    std::int64_t total_minor,
    std::int64_t cost_minor
)
{
    return run([&](transaction& tx, context& as) {
        order wanted;
        wanted.number = number;
        wanted.customer = whom;
        wanted.status = reached;
        wanted.total_minor = total_minor;
        wanted.cost_minor = cost_minor;
        return orders::place(tx, as, wanted);
    });
}

order house::moves(const order& which, order_status to)
{
    return run([&](transaction& tx, context& as) {
        return orders::change(tx, as, which.id, {.status = to});
    });
}

std::string house::rows_of(const std::string& table, const std::string& where)
{
    const std::vector<std::string> columns = base.columns(table);
    std::string names;
    for (const std::string& one : columns)
        names += (names.empty() ? "" : ", ") + one;
    std::string text;
    db::rows row =
        db().query("SELECT " + names + " FROM " + table + " WHERE " + where + " ORDER BY 1, 2");
    while (row.next()) {
        for (int i = 0; i < static_cast<int>(columns.size()); ++i)
            text += (row.is_null(i) ? std::string{"NULL"} : row.string(i)) + "|";
        text += "\n";
    }
    return text;
}

std::int64_t house::count(const std::string& table, const std::string& where)
{
    db::rows row = db().query("SELECT COUNT(*) FROM " + table + " WHERE " + where);
    row.next();
    return row.integer(0);
}

} // namespace crm::test
