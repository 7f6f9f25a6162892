#include "gateway/uploads.hpp"

#include "crm/base/hash.hpp"
#include "crm/base/log.hpp"
#include "crm/base/problem.hpp"
#include "crm/base/text.hpp"
#include "crm/customer.hpp"
#include "crm/identity.hpp"
#include "crm/session.hpp"
#include "crm/store/blobs.hpp"
#include "crm/visitor_sign_in.hpp"
#include "gateway/byte_range.hpp"
#include "gateway/headers.hpp"
#include "gateway/limits.hpp"
#include "gateway/live/customer_session.hpp"
#include "gateway/live/hub.hpp"
#include "gateway/media.hpp"
#include "gateway/net/transport.hpp"
#include "gateway/pictures/painter.hpp"
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

/// A piece of a file on its way out; none when the file was removed meanwhile.
net::task<std::string> piece_of(house& in, std::string blob, std::int64_t from, std::int64_t most)
{
    try {
        co_return co_await in.files.read(std::move(blob), from, most);
    } catch (const crm::problem& why) {
        crm::logging::warning("download.cut", {{"why", why.what()}});
        co_return std::string{};
    }
}

using strangers = std::vector<std::shared_ptr<live::customer_session>>;

/// The visitor token's hash. Throws problem when the request can't be a panel's.
std::string visitor_key_of(const net::request& asked)
{
    const auto authorization = asked.header("authorization");
    if (!authorization.starts_with("Bearer ") || authorization.size() > 128)
        throw crm::problem{crm::errc::unauthenticated, "Send the visitor token as a bearer."};
    const auto site = asked.header("sec-fetch-site");
    if (!site.empty() && site != "same-origin")
        throw crm::problem{crm::errc::forbidden, "Uploads come from the panel's own page."};
    return crm::token_hash(authorization.substr(7));
}

/// The customer behind a token; nobody for a visitor who is connected and has not written yet.
net::task<uploader> uploader_of(house& in, const std::string& key)
{
    const auto look = [key, now = in.time.now()](crm::db::connection& on) {
        uploader made;
        if (const auto known = crm::visitors::find(on, key, now)) {
            made.customer = known->customer;
            made.root = crm::customers::root_of(on, known->customer);
        }
        return made;
    };
    auto known = co_await in.store.read(look);
    // Whom the site signs for needs no stored token: the connection says who it is.
    if (crm::raw(known.customer) == 0)
        known.customer = known.root = in.news.signed_in_with(key);
    if (crm::raw(known.customer) == 0 && in.news.strangers_with(key).empty())
        throw crm::problem{
            crm::errc::unauthenticated, "This visitor token is not known; open the chat again."
        };
    co_return known;
}

/// By the first upload, as by the first word, a visitor who is connected becomes an anonymous
/// customer.
net::task<uploader>
make_known(house& in, const strangers& sockets, const std::string& key, const std::string& address)
{
    in.rates.visitor_conversations.take(net::rate_key(address), net::steady_ms(), "conversation");
    const auto inbox = sockets.front()->inbox();
    const auto since = sockets.front()->stands_at();
    const auto by =
        in.acting({.kind = crm::actor_kind::customer, .by = crm::via::widget, .address = address});
    std::optional<crm::visitors::vouched_person> person;
    if (const auto& claims = sockets.front()->signed_as())
        person = {claims->subject, claims->email, claims->phone};
    const auto job = [by, key, inbox, person](crm::transaction& tx) {
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
        if (person)
            crm::visitors::sign_in(tx, now, key, *person);
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
    auto what = look_at(asked.body, asked.header("content-type"), wanted.name);
    auto bytes = what.is_picture ? without_hidden_data(asked.body, what) : asked.body;
    if (what.is_picture) {
        bytes = co_await in.pictures.redraw(std::move(bytes));
        what = look_at(bytes, what.type, wanted.name); // turned upright, it may have other sides
    }
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

net::task<void> admit_customer_upload(house& in, const net::request& head)
{
    const auto key = visitor_key_of(head);
    in.rates.uploads_by_address.check(net::rate_key(head.peer), net::steady_ms(), "upload");
    co_await uploader_of(in, key);
    in.rates.visitor_uploads.check(key, net::steady_ms(), "upload");
}

net::task<net::response> upload_by_customer(house& in, const net::request& asked)
{
    const auto key = visitor_key_of(asked);
    // By address first: a token is whatever somebody sends, until it is found.
    in.rates.uploads_by_address.take(net::rate_key(asked.peer), net::steady_ms(), "upload");
    auto who = co_await uploader_of(in, key);
    in.rates.visitor_uploads.take(key, net::steady_ms(), "upload");
    if (const auto sockets = in.news.strangers_with(key);
        crm::raw(who.customer) == 0 && !sockets.empty())
        who = co_await make_known(in, sockets, key, asked.peer);
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
    co_return co_await attachment_answer(in, asked, std::move(*found));
}

net::task<net::response>
attachment_answer(house& in, const net::request& asked, crm::attachment what)
{
    // A client that holds a part can't know that it is of the same file: it gets all of it.
    const auto wanted = asked.header("if-range").empty() ? asked.header("range") : "";
    const auto part = read_range(wanted, what.size);
    net::response made;
    made.set("accept-ranges", "bytes");
    made.set("content-security-policy", std::string{sandbox_policy()});
    made.set("cache-control", "private, no-store");
    if (!part) {
        made.status = 416;
        made.set("content-range", "bytes */" + std::to_string(what.size));
        co_return made;
    }
    if (part->is_part) {
        made.status = 206;
        made.set(
            "content-range",
            "bytes " + std::to_string(part->from) + "-" +
                std::to_string(part->from + part->size - 1) + "/" + std::to_string(what.size)
        );
    }
    co_await in.files.read(what.blob, part->from, 1); // throws where there is none
    made.source = {
        part->size,
        [&in, blob = what.blob, from = part->from](std::int64_t at, std::int64_t most) {
            return piece_of(in, blob, from + at, most);
        }
    };
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
    const bool is_text = what.media_type.starts_with("text/"); // taken only as UTF-8
    made.set("content-type", what.media_type + (is_text ? "; charset=utf-8" : ""));
    made.set("content-disposition", disposition(what.name, is_inline));
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
