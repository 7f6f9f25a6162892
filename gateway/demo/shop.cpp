#include "gateway/demo/shop.hpp"

#include "crm/audit.hpp"
#include "crm/base/hash.hpp"
#include "crm/base/json.hpp"
#include "crm/base/text.hpp"
#include "gateway/api/shape.hpp"
#include "gateway/directory.hpp"
#include "gateway/headers.hpp"
#include "gateway/identity_token.hpp"
#include "gateway/rest/call.hpp"
#include "gateway/rest/order_parts.hpp"
#include "gateway/wire/wire.hpp"

#include <boost/json.hpp>

namespace gateway {

namespace {

constexpr std::string_view orders_path = "/shop/orders";
constexpr std::string_view inbox_slug = "web";

/// How the shop knows a person: its own user id.
std::string user_id_of(const std::string& email)
{
    return "shop:" + email;
}

/// What the shop keeps of an order beside the house: whom to sign for.
struct placed
{
    std::string order; // JSON
    std::string email;
    std::string name;
};

placed describe(crm::db::connection& on, const crm::order& what)
{
    placed made;
    wire::json_text text;
    wire::order(text, what, crm::audit::last_position(on));
    made.order = text.take();
    if (const auto who = crm::customers::find(on, what.customer))
        made.name = who->name;
    for (const auto& each : crm::identities::of(on, what.customer))
        if (each.kind == crm::identity_kind::account && each.address.starts_with("shop:"))
            made.email = each.address.substr(5);
    return made;
}

std::string order_number(crm::id_source& ids)
{
    const auto id = crm::raw(ids.next<crm::order_id>());
    return "T" + std::to_string(100'000'000 + id / 4096 % 900'000'000);
}

} // namespace

bool is_shop_host(std::string_view host)
{
    return host == "shop.localhost";
}

std::string demo_shop::key_of(std::string_view number) const
{
    return crm::to_hex(crm::hmac_sha256(in_.keys.attachments, "shop order " + std::string{number}))
        .substr(0, 32);
}

std::string demo_shop::identity_of(const std::string& email, const std::string& name) const
{
    const auto people = in_.people.page();
    const auto* inbox = people->find(inbox_slug);
    if (!inbox || people->secrets.at(inbox->id).empty())
        return {};
    const identity_claims who{
        .subject = user_id_of(email), .name = name, .email = email, .phone = {}
    };
    return sign_identity(who, inbox_slug, people->secrets.at(inbox->id).front(), in_.time.now());
}

net::task<net::response> demo_shop::answer(const net::request& asked, const static_files& files)
{
    if (asked.path == orders_path && asked.method == "POST")
        co_return co_await place(asked);
    if (asked.path.starts_with(orders_path) && asked.path.size() > orders_path.size() + 1 &&
        asked.method == "GET")
        co_return co_await show(asked, asked.path.substr(orders_path.size() + 1));
    auto path = "shop" + asked.path;
    if (path.ends_with('/'))
        path += "index.html";
    auto found = files.find(path, asked);
    if (!found && path.find('.') == std::string::npos)
        found = files.find(path + "/index.html", asked);
    if (!found)
        throw crm::problem{crm::errc::not_found, "The shop has no such page."};
    // The console stands under the same name without "shop.".
    auto console = asked.origin;
    if (const auto at = console.find("//shop."); at != std::string::npos)
        console.erase(at + 2, 5);
    found->set("content-security-policy", shop_policy(console));
    co_return std::move(*found);
}

net::task<net::response> demo_shop::place(const net::request& asked)
{
    if (asked.header("sec-fetch-site") == "cross-site")
        throw crm::problem{crm::errc::forbidden, "Orders are placed from the shop's own pages."};
    const auto body = crm::json::parse(asked.body);
    api::catalogue::all().check("shop_order", body);
    const auto& members = body.get_object();
    const auto email =
        crm::identities::normalised(crm::identity_kind::email, text_of(members, "email"));
    const auto number = order_number(in_.ids);
    const auto by =
        in_.acting({.kind = crm::actor_kind::system, .by = crm::via::api, .address = asked.peer});
    const auto job = [by, members, email, number](crm::transaction& tx) {
        auto now = by;
        const auto name = crm::clean_line(text_of(members, "name"), 120);
        crm::order wanted;
        wanted.number = number;
        wanted.customer = rest::order_customer(
            tx, now, {{}, user_id_of(email), email, name, text_of(members, "locale")}
        );
        if (!crm::identities::find_proven(tx.db(), crm::identity_kind::email, {}, email)) {
            crm::identity address;
            address.customer = wanted.customer;
            address.kind = crm::identity_kind::email;
            address.address = email;
            address.display = email;
            address.source = crm::source::api;
            crm::identities::add(tx, now, address, true);
        }
        wanted.currency = "CNY";
        wanted.lines = rest::order_lines(members);
        for (auto& line : wanted.lines)
            line.unit_cost_minor = line.unit_minor * 55 / 100;
        wanted.placed = now.now;
        const auto order = crm::orders::place(tx, now, wanted);
        crm::order_change paid;
        paid.status = crm::order_status::paid;
        return describe(tx.db(), crm::orders::change(tx, now, order.id, paid));
    };
    const auto made = co_await in_.store.write(job);
    wire::json_text text;
    text.open_object()
        .key("order")
        .raw(made.order)
        .member("key", key_of(number))
        .member("identity", identity_of(email, made.name))
        .close_object();
    co_return rest::json_answer(text.take(), 201);
}

net::task<net::response> demo_shop::show(const net::request& asked, std::string number)
{
    const auto missing =
        crm::problem{crm::errc::not_found, "There is no such order, or the key is wrong."};
    if (!crm::same_secret(asked.header("x-shop-key"), key_of(number)))
        throw missing;
    const auto job = [number](crm::db::connection& on) {
        const auto order = crm::orders::find(on, number);
        return order ? std::optional{describe(on, *order)} : std::nullopt;
    };
    const auto found = co_await in_.store.read(job);
    if (!found)
        throw missing;
    wire::json_text text;
    text.open_object()
        .key("order")
        .raw(found->order)
        .member("identity", identity_of(found->email, found->name))
        .close_object();
    co_return rest::json_answer(text.take());
}

} // namespace gateway
