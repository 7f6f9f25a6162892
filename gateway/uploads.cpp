#include "gateway/uploads.hpp"

#include "crm/base/hash.hpp"
#include "crm/base/problem.hpp"
#include "crm/base/text.hpp"
#include "crm/customer.hpp"
#include "crm/identity.hpp"
#include "crm/session.hpp"
#include "crm/store/blobs.hpp"
#include "gateway/headers.hpp"
#include "gateway/limits.hpp"
#include "gateway/live/customer_session.hpp"
#include "gateway/live/hub.hpp"
#include "gateway/media.hpp"
#include "gateway/net/transport.hpp"
#include "gateway/rest/call.hpp"
#include "gateway/signed_address.hpp"
#include "gateway/wire/wire.hpp"

#include <charconv>

namespace gateway {

namespace {

constexpr std::chrono::microseconds visitor_token_life{std::chrono::hours{24 * 365}};

std::string file_name(const net::request& asked)
{
    const auto text = net::percent_decode(asked.header("x-parley-filename"));
    if (!text)
        throw crm::problem{
            crm::errc::invalid,
            "X-Parley-Filename must be percent-encoded UTF-8.",
            "X-Parley-Filename"
        };
    return crm::clean_file_name(*text);
}

/// Whom a visitor token belongs to.
struct uploader
{
    crm::customer_id customer{};
    crm::customer_id root{};
};

/// The customer behind a token; by the first upload, as by the first word, a visitor who is
/// connected becomes an anonymous customer.
net::task<uploader> uploader_of(house& in, const std::string& key, const std::string& address)
{
    const auto look = [key, now = in.time.now()](crm::db::connection& on) {
        uploader made;
        if (const auto known = crm::visitors::find(on, key, now)) {
            made.customer = known->customer;
            made.root = crm::customers::root_of(on, known->customer);
        }
        return made;
    };
    const auto known = co_await in.store.read(look);
    if (crm::raw(known.customer) != 0)
        co_return known;
    const auto sockets = in.news.strangers_with(key);
    if (sockets.empty())
        throw crm::problem{
            crm::errc::unauthenticated, "This visitor token is not known; open the chat again."
        };
    in.rates.visitor_conversations.take(address, net::steady_ms(), "conversation");
    const auto inbox = sockets.front()->inbox();
    const auto since = sockets.front()->stands_at();
    const auto by =
        in.acting({.kind = crm::actor_kind::customer, .by = crm::via::widget, .address = address});
    const auto job = [by, key, inbox](crm::transaction& tx) {
        auto now = by;
        if (const auto raced = crm::visitors::find(tx.db(), key, now.now))
            return raced->customer;
        const auto made = crm::customers::create(tx, now, {});
        crm::identity browser;
        browser.customer = made.id;
        browser.kind = crm::identity_kind::visitor;
        browser.address = key;
        browser.source = crm::source::observed;
        const auto added = crm::identities::add(tx, now, browser, true);
        crm::visitors::open(tx, now, key, made.id, added.id, inbox, now.now + visitor_token_life);
        return made.id;
    };
    const auto customer = co_await in.store.write(job);
    for (const auto& each : sockets)
        co_await each->become(customer, since);
    co_return uploader{customer, customer};
}

} // namespace

net::task<crm::attachment>
store_upload(house& in, crm::actor who, crm::attachment wanted, const net::request& asked)
{
    wanted.name = file_name(asked);
    const auto what = look_at(asked.body, asked.header("content-type"), wanted.name);
    auto bytes = what.is_picture ? without_hidden_data(asked.body, what) : asked.body;
    wanted.media_type = what.type;
    wanted.width = what.width;
    wanted.height = what.height;
    const auto stored = co_await in.files.put(std::move(bytes));
    wanted.size = stored.size;
    wanted.blob = stored.name;
    wanted.sha256 = stored.sha256;
    const auto job = [by = in.acting(std::move(who), 4), wanted](crm::transaction& tx) {
        auto now = by;
        return crm::attachments::store(tx, now, wanted);
    };
    co_return co_await in.store.write(job);
}

net::task<net::response> upload_by_customer(house& in, const net::request& asked)
{
    const auto authorization = asked.header("authorization");
    if (!authorization.starts_with("Bearer ") || authorization.size() > 128)
        throw crm::problem{crm::errc::unauthenticated, "Send the visitor token as a bearer."};
    const auto site = asked.header("sec-fetch-site");
    if (!site.empty() && site != "same-origin")
        throw crm::problem{crm::errc::forbidden, "Uploads come from the panel's own page."};
    const auto key = crm::token_hash(authorization.substr(7));
    in.rates.visitor_uploads.take(key, net::steady_ms(), "upload");
    const auto who = co_await uploader_of(in, key, asked.peer);
    crm::attachment wanted;
    wanted.owner_kind = crm::author_kind::customer;
    wanted.owner = crm::raw(who.customer);
    const crm::actor actor{crm::actor_kind::customer, wanted.owner, crm::via::widget, asked.peer};
    const auto stored = co_await store_upload(in, actor, std::move(wanted), asked);
    wire::json_text text;
    wire::attachment(text, stored, live::customer_address(in, who.root));
    co_return rest::json_answer(text.take(), 201);
}

net::task<net::response> download_by_address(house& in, const net::request& asked)
{
    const crm::problem missing{
        crm::errc::not_found,
        "There is no such file, or its address is too old; load the page again."
    };
    const auto number = [](std::string_view text) {
        std::int64_t value = 0;
        const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
        return failed == std::errc{} && end == text.data() + text.size() ? value : std::int64_t{0};
    };
    const auto which =
        static_cast<crm::attachment_id>(number(std::string_view{asked.path}.substr(15)));
    const auto whose =
        static_cast<crm::customer_id>(number(net::query_value(asked.query, "for").value_or("")));
    const crm::instant expires{number(net::query_value(asked.query, "expires").value_or(""))};
    const auto sign = net::query_value(asked.query, "sign").value_or("");
    if (!check_address(in.keys.attachments, which, whose, expires, sign, in.time.now()))
        throw missing;
    const auto job = [which](crm::db::connection& on) { return crm::attachments::find(on, which); };
    auto found = co_await in.store.read(job);
    if (!found || found->erased.is_set())
        throw missing;
    co_return co_await attachment_answer(in, std::move(*found));
}

net::task<net::response> attachment_answer(house& in, crm::attachment what)
{
    auto bytes = co_await in.files.read(what.blob, 0, what.size);
    static constexpr std::string_view shown[]{
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
        "audio/ogg",
        "audio/mpeg",
        "audio/wav",
        "audio/mp4",
        "video/mp4",
        "video/webm"
    };
    const bool is_inline =
        std::find(std::begin(shown), std::end(shown), what.media_type) != std::end(shown);
    net::response made;
    made.bytes = std::move(bytes);
    const bool is_text = what.media_type.starts_with("text/"); // taken only as UTF-8
    made.set("content-type", what.media_type + (is_text ? "; charset=utf-8" : ""));
    made.set("content-disposition", disposition(what.name, is_inline));
    made.set("content-security-policy", std::string{sandbox_policy()});
    made.set("cache-control", "private, no-store");
    co_return made;
}

std::string disposition(std::string_view name, bool is_inline)
{
    static constexpr std::string_view unreserved =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    static constexpr std::string_view digits = "0123456789ABCDEF";
    std::string plain;
    std::string encoded;
    for (const char each : name) {
        const auto code = static_cast<unsigned char>(each);
        const bool safe = unreserved.find(each) != std::string_view::npos;
        plain += safe || each == ' ' ? each : '_';
        if (safe)
            encoded += each;
        else
            encoded += {'%', digits[code >> 4U], digits[code & 15U]};
    }
    return std::string{is_inline ? "inline" : "attachment"} + "; filename=\"" + plain +
           "\"; filename*=UTF-8''" + encoded;
}

} // namespace gateway
