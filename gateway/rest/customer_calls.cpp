// The customers' archive.
#include "crm/audit.hpp"
#include "crm/base/text.hpp"
#include "crm/company.hpp"
#include "crm/conversation_list.hpp"
#include "crm/customer_list.hpp"
#include "crm/search.hpp"
#include "crm/tag.hpp"
#include "crm/timeline_pages.hpp"
#include "gateway/directory.hpp"
#include "gateway/rest/conversation_parts.hpp"
#include "gateway/rest/handlers.hpp"
#include "gateway/rest/hits.hpp"
#include "gateway/wire/wire.hpp"

#include <boost/json.hpp>
#include <charconv>

namespace gateway::rest {

namespace {

std::string customer_text(crm::db::connection& on, crm::customer_id which, crm::instant now)
{
    wire::json_text text;
    wire::customer(text, wire::read_customer(on, which, now, true), crm::audit::last_position(on));
    return text.take();
}

crm::customer_change change_of(const boost::json::object& body)
{
    crm::customer_change made;
    if (const auto name = maybe_text(body, "name"))
        made.name = crm::clean_line(*name, 120);
    made.locale = maybe_text(body, "locale");
    made.timezone = maybe_text(body, "timezone");
    if (const auto* fields = body.if_contains("fields"))
        for (const auto& [name, content] : fields->get_object())
            if (content.is_string())
                made.fields[crm::from_word<crm::archive_field>(std::string_view{name})] =
                    crm::clean_text(std::string_view{content.get_string()});
    return made;
}

crm::attribute_value attribute_value_of(const boost::json::value& content, crm::attribute_type type)
{
    if (content.is_null())
        return nullptr;
    if (content.is_bool())
        return content.get_bool();
    if (content.is_string())
        return std::string{content.get_string()};
    if (type == crm::attribute_type::date && content.is_int64())
        return crm::instant{content.get_int64()};
    if (content.is_number())
        return content.to_number<double>();
    throw crm::problem{
        crm::errc::invalid,
        "An attribute is a text, a number, a date, true or false, or null.",
        "attributes"
    };
}

void set_attributes(
    crm::transaction& tx, crm::context& by, crm::customer_id whose, const boost::json::object& body
)
{
    const auto* given = body.if_contains("attributes");
    if (!given)
        return;
    for (const auto& [key, content] : given->get_object()) {
        const std::string name{key};
        const auto defined = crm::attributes::find(tx.db(), crm::attribute_owner::customer, name);
        if (!defined)
            throw crm::problem{
                crm::errc::not_found,
                "There is no attribute \"" + name + "\".",
                "attributes." + name
            };
        crm::attributes::set(
            tx,
            by,
            crm::attribute_owner::customer,
            crm::raw(whose),
            name,
            attribute_value_of(content, defined->type)
        );
    }
}

/// The company of this name, made where there is none.
std::optional<crm::company_id>
company_of(crm::transaction& tx, crm::context& by, const boost::json::object& body)
{
    const auto name = maybe_text(body, "company");
    if (!name)
        return std::nullopt;
    const auto clean = crm::clean_line(*name, 120);
    if (clean.empty())
        return crm::company_id{};
    if (const auto found = crm::companies::find_by_name(tx.db(), clean))
        return found->id;
    crm::company wanted;
    wanted.name = clean;
    return crm::companies::create(tx, by, wanted).id;
}

void set_tags(
    crm::transaction& tx, crm::context& by, crm::customer_id whose, const boost::json::object& body
)
{
    if (!has_member(body, "tags"))
        return;
    const auto wanted = ids_of<crm::tag_id>(body, "tags");
    const auto held = crm::tags::of_customer(tx.db(), whose);
    for (const auto each : wanted)
        if (std::find(held.begin(), held.end(), each) == held.end())
            crm::tags::put_on(tx, by, whose, each);
    for (const auto each : held)
        if (std::find(wanted.begin(), wanted.end(), each) == wanted.end())
            crm::tags::take_off(tx, by, whose, each);
}

std::optional<crm::customers::list_place> place_of(const std::string& cursor)
{
    if (cursor.empty())
        return std::nullopt;
    const auto dash = cursor.find('-');
    crm::customers::list_place made;
    std::int64_t id = 0;
    const auto* begin = cursor.data();
    const bool fits =
        dash != std::string::npos &&
        std::from_chars(begin, begin + dash, made.updated.us).ec == std::errc{} &&
        std::from_chars(begin + dash + 1, begin + cursor.size(), id).ec == std::errc{};
    if (!fits)
        throw crm::problem{crm::errc::invalid, "This cursor is not one of ours.", "cursor"};
    made.id = static_cast<crm::customer_id>(id);
    return made;
}

} // namespace

namespace {

/// The newest customers within sight in whose archive all words stand.
std::string found_customers(
    crm::db::connection& on,
    const viewer& who,
    const std::string& words,
    std::int64_t before,
    int limit,
    crm::instant now
)
{
    crm::search::question asked;
    asked.words = words;
    asked.kind = crm::search::document::customer;
    asked.before = before;
    asked.who = who.sees;
    const auto as_of = crm::audit::last_position(on);
    const auto write = [&](wire::json_text& to, const crm::search::hit& hit) {
        const auto which = static_cast<crm::customer_id>(hit.id);
        if (!crm::customers::find(on, which) || !sees_customer(on, who, which))
            return false;
        wire::customer(to, wire::read_customer(on, which, now, false), as_of);
        return true;
    };
    wire::json_text items;
    items.open_list();
    const auto next = write_hits(items, on, std::move(asked), limit, write);
    items.close_list();
    return page_text(items.text(), next == 0 ? std::string{} : std::to_string(next), as_of);
}

/// The last changed customers within sight.
std::string newest_customers(
    crm::db::connection& on,
    const viewer& who,
    std::optional<crm::customers::list_place> before,
    int limit,
    crm::instant now
)
{
    const auto as_of = crm::audit::last_position(on);
    const auto page = crm::customers::list(on, who.sees, before, limit);
    wire::json_text items;
    items.open_list();
    for (const auto each : page.customers)
        wire::customer(items, wire::read_customer(on, each, now, false), as_of);
    items.close_list();
    std::string next;
    if (page.next)
        next = std::to_string(page.next->updated.us) + "-" + crm::to_string(page.next->id);
    return page_text(items.text(), next, as_of);
}

} // namespace

answer list_customers(call& at)
{
    const auto job = [who = at.who(),
                      words = text_of(at.query, "q"),
                      cursor = text_of(at.query, "cursor"),
                      limit = at.limit(),
                      now = at.in.time.now()](crm::db::connection& on) {
        if (words.empty())
            return newest_customers(on, who, place_of(cursor), limit, now);
        const auto before = cursor.empty() ? std::int64_t{0} : crm::parse_id(cursor);
        return found_customers(on, who, words, before, limit, now);
    };
    co_return json_answer(co_await at.in.store.read(job, crm::read_length::extended));
}

answer show_customer(call& at)
{
    const auto job = [who = at.who(),
                      which = at.id<crm::customer_id>("id"),
                      now = at.in.time.now()](crm::db::connection& on) {
        require_customer(on, who, which);
        return customer_text(on, which, now);
    };
    co_return json_answer(co_await at.in.store.read(job));
}

answer make_customer(call& at)
{
    const auto job = [body = at.body](crm::transaction& tx, crm::context& by) {
        auto wanted = change_of(body);
        wanted.company = company_of(tx, by, body);
        const auto made = crm::customers::create(tx, by, wanted);
        if (const auto* identities = body.if_contains("identities"))
            for (const auto& each : identities->get_array()) {
                crm::identity one;
                one.customer = made.id;
                one.kind = crm::from_word<crm::identity_kind>(text_of(each.get_object(), "kind"));
                one.address = text_of(each.get_object(), "address");
                one.display = one.address;
                one.source =
                    by.who.kind == crm::actor_kind::token ? crm::source::api : crm::source::agent;
                crm::identities::add(tx, by, one, by.who.kind == crm::actor_kind::token);
            }
        set_attributes(tx, by, made.id, body);
        return customer_text(tx.db(), made.id, by.now);
    };
    co_return co_await write_once(at, 201, job);
}

answer change_customer(call& at)
{
    const auto job = [by = at.acting(),
                      who = at.who(),
                      which = at.id<crm::customer_id>("id"),
                      body = at.body,
                      expected = wanted_revision(at.asked)](crm::transaction& tx) {
        auto now = by;
        require_customer(tx.db(), who, which);
        auto wanted = change_of(body);
        wanted.company = company_of(tx, now, body);
        const auto from =
            now.who.kind == crm::actor_kind::token ? crm::source::api : crm::source::agent;
        crm::customers::change(tx, now, which, wanted, from, expected);
        set_attributes(tx, now, which, body);
        set_tags(tx, now, which, body);
        return customer_text(tx.db(), which, now.now);
    };
    co_return json_answer(co_await at.in.store.write(job));
}

answer customer_timeline(call& at)
{
    const auto before = text_of(at.query, "before");
    const auto job = [who = at.who(),
                      which = at.id<crm::customer_id>("id"),
                      limit = at.limit(),
                      before,
                      names = at.in.people.names()](crm::db::connection& on) {
        const auto as_of = crm::audit::last_position(on);
        const auto root = crm::customers::root_of(on, require_customer(on, who, which).id);
        std::optional<crm::timeline::place> place;
        if (!before.empty())
            place = crm::timeline::place_from(before);
        const auto page = crm::timeline::of_customer(on, root, place, limit, who.sees);
        wire::json_text items;
        items.open_list();
        for (const auto& each : page.entries)
            wire::entry(items, each, *names);
        items.close_list();
        std::string next;
        if (page.more && !page.entries.empty())
            next = crm::timeline::to_cursor({page.entries.back().happened, page.entries.back().id});
        return page_text(items.text(), next, as_of);
    };
    co_return json_answer(co_await at.in.store.read(job));
}

namespace {

/// One page of what hangs on a customer, newest first. `list(on, root, limit)` reads it, and
/// `write(to, each, as_of)` shows one.
template <class List, class Write>
answer newest_of_customer(call& at, List list, Write write)
{
    const auto job = [who = at.who(),
                      which = at.id<crm::customer_id>("id"),
                      limit = at.limit(),
                      list,
                      write](crm::db::connection& on) {
        const auto as_of = crm::audit::last_position(on);
        const auto root = crm::customers::root_of(on, require_customer(on, who, which).id);
        wire::json_text items;
        items.open_list();
        for (const auto& each : list(on, root, limit))
            write(items, each, as_of);
        items.close_list();
        return page_text(items.text(), {}, as_of);
    };
    co_return json_answer(co_await at.in.store.read(job));
}

} // namespace

answer customer_conversations(call& at)
{
    const auto list = [sees =
                           at.who().sees](crm::db::connection& on, crm::customer_id root, int n) {
        return crm::conversations::of_customer(on, sees, root, n);
    };
    return newest_of_customer(at, list, &wire::conversation);
}

answer customer_orders(call& at)
{
    return newest_of_customer(at, &crm::orders::of_customer, &wire::order);
}

answer merge_customer(call& at)
{
    const auto job = [who = at.who(),
                      which = at.id<crm::customer_id>("id"),
                      other = id_of<crm::customer_id>(at.body, "other")](
                         crm::transaction& tx, crm::context& by
                     ) {
        require_customer(tx.db(), who, which);
        require_customer(tx.db(), who, other);
        crm::customers::merge(tx, by, which, other);
        return customer_text(tx.db(), which, by.now);
    };
    co_return co_await write_once(at, 200, job);
}

answer unmerge_customer(call& at)
{
    const auto job = [who = at.who(),
                      which = at.id<crm::customer_id>("id"),
                      other = id_of<crm::customer_id>(at.body, "other")](
                         crm::transaction& tx, crm::context& by
                     ) {
        require_customer(tx.db(), who, which);
        require_customer(tx.db(), who, other);
        if (crm::customers::need(tx.db(), other).merged_into != which)
            throw crm::problem{
                crm::errc::conflict, "That customer is not merged into this one.", "other"
            };
        crm::customers::unmerge(tx, by, other);
        return customer_text(tx.db(), which, by.now);
    };
    co_return co_await write_once(at, 200, job);
}

} // namespace gateway::rest
