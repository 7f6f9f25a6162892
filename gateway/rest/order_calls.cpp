// Orders, as a shop pushes them in.
#include "crm/audit.hpp"
#include "crm/base/text.hpp"
#include "crm/customer.hpp"
#include "crm/order.hpp"
#include "gateway/rest/conversation_parts.hpp"
#include "gateway/rest/handlers.hpp"
#include "gateway/rest/order_parts.hpp"
#include "gateway/wire/wire.hpp"

#include <boost/json.hpp>

namespace gateway::rest {

namespace {

std::string order_text(crm::db::connection& on, const crm::order& what)
{
    wire::json_text text;
    wire::order(text, what, crm::audit::last_position(on));
    return text.take();
}

/// The order, if its customer is within sight.
crm::order require_order(crm::db::connection& on, const viewer& who, const std::string& number)
{
    auto found = crm::orders::find(on, number);
    if (!found || !sees_customer(on, who, found->customer))
        throw crm::problem{crm::errc::not_found, "There is no order of this number."};
    return std::move(*found);
}

/// Statuses that an order passes on its way, so that one pushed in as "delivered" has its moments.
constexpr crm::order_status way[]{
    crm::order_status::paid, crm::order_status::shipped, crm::order_status::delivered
};

crm::order
advance(crm::transaction& tx, crm::context& by, const crm::order& placed, crm::order_status to)
{
    if (placed.status == to)
        return placed;
    crm::order_change change;
    change.status = to;
    if (to == crm::order_status::returned || to == crm::order_status::refunded) {
        crm::order_change paid;
        paid.status = way[0];
        crm::orders::change(tx, by, placed.id, paid);
    }
    return crm::orders::change(tx, by, placed.id, change);
}

} // namespace

crm::customer_id order_customer(crm::transaction& tx, crm::context& by, const order_owner& who)
{
    if (crm::raw(who.customer) != 0)
        return crm::customers::need(tx.db(), who.customer).id;
    const bool by_email = who.external.empty();
    if (by_email && who.email.empty())
        throw crm::problem{
            crm::errc::invalid, "Name the customer by id, external id or e-mail.", "customer"
        };
    crm::identity one;
    one.kind = by_email ? crm::identity_kind::email : crm::identity_kind::account;
    one.address = by_email ? crm::identities::normalised(one.kind, who.email) : who.external;
    one.display = by_email ? who.email : who.external;
    one.source = crm::source::api;
    if (const auto known = crm::identities::find_proven(tx.db(), one.kind, {}, one.address))
        return known->customer;
    crm::customer_change named;
    named.name = who.name.empty() ? one.display : crm::clean_line(who.name, 120);
    if (!who.locale.empty())
        named.locale = who.locale;
    one.customer = crm::customers::create(tx, by, named).id;
    crm::identities::add(tx, by, one, true);
    return one.customer;
}

std::vector<crm::order_line> order_lines(const boost::json::object& body)
{
    std::vector<crm::order_line> made;
    const auto* lines = body.if_contains("lines");
    if (!lines)
        return made;
    for (const auto& each : lines->get_array()) {
        const auto& one = each.get_object();
        crm::order_line line;
        line.sku = crm::clean_line(text_of(one, "sku"), 80);
        line.name = crm::clean_line(text_of(one, "name"), 200);
        line.quantity = integer_of(one, "quantity");
        line.unit_minor = integer_of(one, "unit_minor");
        line.image = text_of(one, "image");
        made.push_back(std::move(line));
    }
    return made;
}

answer make_order(call& at)
{
    const auto job = [body = at.body, who = at.who()](crm::transaction& tx, crm::context& by) {
        const order_owner owner{
            id_of<crm::customer_id>(body, "customer"),
            text_of(body, "external"),
            text_of(body, "email"),
            text_of(body, "name"),
            {}
        };
        crm::order wanted;
        wanted.number = text_of(body, "number");
        if (const auto held = crm::orders::find(tx.db(), wanted.number)) {
            // The same number again is the same order; who pushed it may not know that it arrived.
            if (!sees_customer(tx.db(), who, held->customer))
                throw crm::problem{
                    crm::errc::conflict, "An order has this number already.", "number"
                };
            return order_text(tx.db(), *held);
        }
        wanted.customer = order_customer(tx, by, owner);
        require_customer(tx.db(), who, wanted.customer);
        wanted.currency = text_of(body, "currency");
        wanted.total_minor = integer_of(body, "total_minor");
        wanted.cost_minor = integer_of(body, "cost_minor");
        wanted.lines = order_lines(body);
        wanted.placed = maybe_time(body, "placed").value_or(by.now);
        wanted.carrier = crm::clean_line(text_of(body, "carrier"), 80);
        wanted.tracking = crm::clean_line(text_of(body, "tracking"), 120);
        wanted.eta = maybe_time(body, "eta").value_or(crm::instant{});
        const auto status =
            crm::from_word<crm::order_status>(maybe_text(body, "status").value_or("placed"));
        const auto placed = crm::orders::place(tx, by, wanted);
        return order_text(tx.db(), advance(tx, by, placed, status));
    };
    co_return co_await write_once(at, 201, job);
}

answer show_order(call& at)
{
    const auto job = [number = at.text("number"), who = at.who()](crm::db::connection& on) {
        const auto found = require_order(on, who, number);
        return std::pair{order_text(on, found), found.revision};
    };
    auto [text, revision] = co_await at.in.store.read(job);
    co_return with_revision(json_answer(std::move(text)), revision);
}

answer change_order(call& at)
{
    crm::order_change wanted;
    if (const auto status = maybe_text(at.body, "status"))
        wanted.status = crm::from_word<crm::order_status>(*status);
    wanted.carrier = maybe_text(at.body, "carrier");
    wanted.tracking = maybe_text(at.body, "tracking");
    wanted.eta = maybe_time(at.body, "eta");
    wanted.at = maybe_time(at.body, "happened");
    const auto job = [by = at.acting(),
                      number = at.text("number"),
                      who = at.who(),
                      wanted,
                      expected = wanted_revision(at.asked)](crm::transaction& tx) {
        auto now = by;
        const auto held = require_order(tx.db(), who, number);
        const auto changed = crm::orders::change(tx, now, held.id, wanted, expected);
        return std::pair{order_text(tx.db(), changed), changed.revision};
    };
    auto [text, revision] = co_await at.in.store.write(job);
    co_return with_revision(json_answer(std::move(text)), revision);
}

} // namespace gateway::rest
