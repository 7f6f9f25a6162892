// Searching the whole history.
#include "crm/audit.hpp"
#include "crm/search.hpp"
#include "crm/timeline_pages.hpp"
#include "gateway/directory.hpp"
#include "gateway/rest/call.hpp"
#include "gateway/rest/conversation_parts.hpp"
#include "gateway/rest/handlers.hpp"
#include "gateway/rest/hits.hpp"

#include <boost/json.hpp>

namespace gateway::rest {

namespace {

/// Hits of one kind as the shapes show them; false where the asker may not see it.
struct hit_writer
{
    crm::db::connection& on;
    const viewer& who;
    const wire::names& known;
    const std::string& words;
    std::int64_t as_of;
    crm::instant now;

    bool message(wire::json_text& to, const crm::search::hit& hit) const
    {
        const auto entry = crm::timeline::find(on, static_cast<crm::entry_id>(hit.id));
        if (!entry || entry->redacted.is_set())
            return false;
        const auto where = crm::conversations::find(on, entry->conversation);
        if (!where || !who.sees_conversation(*where))
            return false;
        to.open_object().member("kind", "message");
        wire::entry(to.key("entry"), *entry, known);
        wire::conversation(to.key("conversation"), *where, as_of);
        to.member("snippet", crm::search::snippet(entry->text, words)).close_object();
        return true;
    }

    bool conversation(wire::json_text& to, const crm::search::hit& hit) const
    {
        const auto where = crm::conversations::find(on, static_cast<crm::conversation_id>(hit.id));
        if (!where || !who.sees_conversation(*where))
            return false;
        to.open_object().member("kind", "conversation");
        wire::conversation(to.key("conversation"), *where, as_of);
        to.member("snippet", crm::search::snippet(where->subject, words)).close_object();
        return true;
    }

    bool customer(wire::json_text& to, const crm::search::hit& hit) const
    {
        const auto which = static_cast<crm::customer_id>(hit.id);
        if (!crm::customers::find(on, which) || !sees_customer(on, who, which))
            return false;
        const auto view = wire::read_customer(on, which, now, false);
        to.open_object().member("kind", "customer");
        wire::customer(to.key("customer"), view, as_of);
        to.member("snippet", crm::search::snippet(view.archive.who.name, words)).close_object();
        return true;
    }

    bool order(wire::json_text& to, const crm::search::hit& hit) const
    {
        const auto found = crm::orders::find(on, static_cast<crm::order_id>(hit.id));
        if (!found || !sees_customer(on, who, found->customer))
            return false;
        to.open_object().member("kind", "order");
        wire::order(to.key("order"), *found, as_of);
        to.member("snippet", found->number).close_object();
        return true;
    }

    bool write(wire::json_text& to, crm::search::document kind, const crm::search::hit& hit) const
    {
        switch (kind) {
        case crm::search::document::message:
            return message(to, hit);
        case crm::search::document::conversation:
            return conversation(to, hit);
        case crm::search::document::customer:
            return customer(to, hit);
        case crm::search::document::order:
            return order(to, hit);
        }
        return false;
    }
};

/// Which kinds are asked for and may be seen.
std::vector<crm::search::document> kinds_of(const std::string& in, const viewer& who)
{
    using enum crm::search::document;
    std::vector<crm::search::document> made;
    const bool all = in.empty();
    if (who.may.holds(permission::orders_read) && (all || in == "orders"))
        made.push_back(order);
    if (who.may.holds(permission::customers_read) && (all || in == "customers"))
        made.push_back(customer);
    if (all || in == "conversations")
        made.push_back(conversation);
    if (all || in == "messages")
        made.push_back(message);
    return made;
}

} // namespace

/// One kind pages by cursor; all kinds together show the newest of each.
answer search(call& at)
{
    const auto in = text_of(at.query, "in");
    const auto cursor = maybe_text(at.query, "cursor");
    const auto job = [words = text_of(at.query, "q"),
                      in,
                      who = at.who(),
                      now = at.in.time.now(),
                      limit = at.limit(20),
                      before = cursor && !in.empty() ? crm::parse_id(*cursor) : std::int64_t{0},
                      names = at.in.people.names()](crm::db::connection& on) {
        const auto as_of = crm::audit::last_position(on);
        const hit_writer writer{on, who, *names, words, as_of, now};
        wire::json_text items;
        std::string next;
        items.open_list();
        for (const auto kind : kinds_of(in, who)) {
            crm::search::question asked;
            asked.words = words;
            asked.kind = kind;
            asked.before = before;
            asked.who = who.sees;
            const int fits = in.empty() ? std::max(1, limit / 4) : limit;
            const auto write = [&](wire::json_text& to, const crm::search::hit& hit) {
                return writer.write(to, kind, hit);
            };
            const auto more = write_hits(items, on, std::move(asked), fits, write);
            if (!in.empty() && more != 0)
                next = std::to_string(more);
        }
        items.close_list();
        return page_text(items.text(), next, as_of);
    };
    co_return json_answer(co_await at.in.store.read(job, crm::read_length::extended));
}

} // namespace gateway::rest
