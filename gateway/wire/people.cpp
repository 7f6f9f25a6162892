// Customers, orders, offers.
#include "gateway/wire/wire.hpp"

#include "crm/timeline_pages.hpp"
#include "crm/words.hpp"

namespace gateway::wire {

namespace {

constexpr int recent_orders = 5;

void order_line(json_text& to, const crm::order_line& what)
{
    to.open_object()
        .member("sku", what.sku)
        .member("name", what.name)
        .member("quantity", what.quantity)
        .member("unit_minor", what.unit_minor);
    if (!what.image.empty())
        to.member("image", what.image);
    to.close_object();
}

void attribute_content(json_text& to, const crm::attribute_value& what)
{
    if (const auto* text = std::get_if<std::string>(&what))
        to.value(*text);
    else if (const auto* number = std::get_if<double>(&what))
        to.value(*number);
    else if (const auto* at = std::get_if<crm::instant>(&what))
        to.value(*at);
    else if (const auto* flag = std::get_if<bool>(&what))
        to.value(*flag);
    else
        to.null();
}

void customer_value(json_text& to, const crm::value_snapshot& what)
{
    to.key("value")
        .open_object()
        .member("total_minor", what.value_minor)
        .member("currency", what.currency.empty() ? std::string{"EUR"} : what.currency)
        .member("basis", crm::word(what.basis))
        .member("orders", what.orders)
        .member("top_percent", what.top_percent)
        .close_object();
}

void identities(json_text& to, const std::vector<crm::identity>& all)
{
    to.key("identities").open_list();
    for (const auto& each : all)
        to.open_object()
            .member("id", each.id)
            .member("kind", crm::word(each.kind))
            .member("address", each.display.empty() ? each.address : each.display)
            .member("verified", each.verified.is_set())
            .close_object();
    to.close_list();
}

void archive_members(json_text& to, const customer_view& what)
{
    identities(to, what.archive.identities);
    to.key("tags").open_list();
    for (const auto each : what.archive.tags)
        to.value(each);
    to.close_list().key("attributes").open_object();
    for (const auto& each : what.attributes)
        attribute_content(to.key(each.name), each.content);
    to.close_object().key("fields").open_object();
    for (const auto& [field, content] : what.archive.fields)
        to.member(crm::word(field), content);
    to.close_object();
}

} // namespace

void order(json_text& to, const crm::order& what, std::int64_t at)
{
    to.open_object()
        .member("id", what.id)
        .member("number", what.number)
        .member("customer", what.customer)
        .member("status", crm::word(what.status))
        .member("currency", what.currency)
        .member("total_minor", what.total_minor)
        .member("cost_minor", what.cost_minor);
    to.key("lines").open_list();
    for (const auto& each : what.lines)
        order_line(to, each);
    to.close_list()
        .member_if_set("placed", what.placed)
        .member_if_set("paid", what.paid)
        .member_if_set("shipped", what.shipped)
        .member_if_set("delivered", what.delivered)
        .member_if_set("returned", what.returned)
        .member_if_set("refunded", what.refunded)
        .member_if_set("cancelled", what.cancelled)
        .member("carrier", what.carrier)
        .member("tracking", what.tracking)
        .member_if_set("eta", what.eta)
        .member_unless_none("conversation", what.conversation)
        .member("updated", what.updated);
    to.key("at").digits(at);
    to.close_object();
}

customer_view
read_customer(crm::db::connection& on, crm::customer_id which, crm::instant now, bool with_orders)
{
    customer_view made;
    made.archive = crm::customers::archive(on, crm::customers::need(on, which).id);
    const auto root = crm::customers::root_of(on, which);
    made.value = crm::value::as_of(on, root, now);
    if (crm::raw(made.archive.who.company) != 0)
        made.company = crm::companies::find(on, made.archive.who.company);
    made.attributes = crm::attributes::of(on, crm::attribute_owner::customer, crm::raw(which));
    made.with_orders = with_orders;
    if (with_orders) {
        made.orders = crm::orders::of_customer(on, root, recent_orders);
        made.order_count = crm::orders::count_of_customer(on, root);
    }
    return made;
}

void customer(json_text& to, const customer_view& what, std::int64_t at)
{
    const auto& who = what.archive.who;
    to.open_object().member("id", who.id);
    to.key("at").digits(at);
    to.member("name", who.name)
        .member("anonymous", who.anonymous)
        .member("verified", who.verified)
        .member("tier", crm::word(who.tier))
        .member("score", who.score);
    if (what.value)
        customer_value(to, *what.value);
    to.member("locale", who.locale).member("timezone", who.timezone);
    if (what.company)
        to.key("company")
            .open_object()
            .member("id", what.company->id)
            .member("name", what.company->name)
            .close_object();
    archive_members(to, what);
    to.member("completeness", what.archive.completeness)
        .member("created", who.created)
        .member_if_set("erased", who.erased)
        .member_unless_none("merged_into", who.merged_into);
    if (what.with_orders) {
        to.key("orders").open_object().member("count", what.order_count).key("recent").open_list();
        for (const auto& each : what.orders)
            order(to, each, at);
        to.close_list().close_object();
    }
    to.close_object();
}

void why(json_text& to, const crm::decision& what)
{
    to.open_object()
        .member("waited_ms", what.waited_us / 1000)
        .member("head_start_ms", what.head_start_us / 1000)
        .member("counts_as_ms", (what.waited_us + what.head_start_us) / 1000)
        .member("score", what.score)
        .member("basis", "orders")
        .member("ahead_of", what.ahead_of);
    to.key("reasons").raw(what.reasons.empty() ? "[]" : what.reasons);
    to.close_object();
}

offer_view read_offer(crm::db::connection& on, const crm::request& what)
{
    constexpr int look_back = 10;
    offer_view made;
    made.request = what;
    made.conversation = crm::conversations::need(on, what.conversation);
    for (auto& each : crm::requests::decisions(on, what.conversation, 1))
        made.why = std::move(each);
    // The customer's first words that nobody answered yet.
    made.first_words = made.conversation.preview;
    const auto page = crm::timeline::before(on, what.conversation, std::nullopt, look_back);
    for (auto each = page.entries.rbegin(); each != page.entries.rend(); ++each) {
        if (each->kind == crm::entry_kind::message && each->by.kind == crm::author_kind::agent)
            break;
        if (each->kind == crm::entry_kind::message && each->by.kind == crm::author_kind::customer)
            made.first_words = each->text;
    }
    return made;
}

void offer(json_text& to, const offer_view& what, crm::instant now, std::int64_t at)
{
    const auto left = std::max<std::int64_t>(0, (what.request.offer_expires - now).count() / 1000);
    to.open_object().member("request", what.request.id);
    conversation(to.key("conversation"), what.conversation, at);
    to.member("first_words", what.first_words)
        .member("expires", what.request.offer_expires)
        .member("expires_in_ms", left);
    why(to.key("why"), what.why);
    to.close_object();
}

} // namespace gateway::wire
