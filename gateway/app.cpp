#include "gateway/app.hpp"

#include "crm/base/log.hpp"
#include "crm/base/random.hpp"
#include "gateway/api/openapi.hpp"
#include "gateway/demo/shop.hpp"
#include "gateway/headers.hpp"
#include "gateway/health.hpp"
#include "gateway/live/agent_session.hpp"
#include "gateway/live/customer_session.hpp"
#include "gateway/live/hub.hpp"
#include "gateway/net/transport.hpp"
#include "gateway/rest/call.hpp"
#include "gateway/rest/dispatch.hpp"
#include "gateway/uploads.hpp"
#include "gateway/widget_pages.hpp"

namespace gateway {

namespace {

constexpr std::size_t ordinary_body = 1024 * 1024;
constexpr std::string_view channel_path = "/ws/channel/";

bool is_upload(const net::request& what)
{
    return what.method == "POST" &&
           (what.path == "/api/v1/attachments" || what.path == "/w/attachments");
}

net::response text_answer(unsigned status, std::string text)
{
    net::response made;
    made.status = status;
    made.bytes = std::move(text);
    made.set("content-type", "text/plain; charset=utf-8");
    made.set("cache-control", "no-store");
    return made;
}

/// What a path asks for when it names a directory: its page.
std::string page_path(std::string_view path)
{
    std::string made{path.substr(1)};
    if (made.empty() || made.ends_with('/'))
        made += "index.html";
    return made;
}

} // namespace

app::app(house& in, static_files files, demo_shop* shop)
    : in_{in}, files_{std::move(files)}, shop_{shop}, request_prefix_{crm::random_token(48)}
{
}

std::size_t app::body_limit(const net::request& head) const
{
    if (is_upload(head))
        return static_cast<std::size_t>(in_.config.attachments.bytes);
    const bool takes_body = head.path.starts_with("/api/") || head.path.starts_with("/shop/");
    return takes_body ? ordinary_body : 0;
}

net::task<std::optional<net::response>> app::admit(net::request& head)
{
    head.id = request_prefix_ + "-" + std::to_string(++next_request_);
    net::response refused;
    try {
        if (head.path == "/w/attachments")
            co_await admit_customer_upload(in_, head);
        else if (head.path.starts_with("/api/v1/"))
            co_await rest::admit(in_, head);
        co_return std::nullopt;
    } catch (const crm::problem& why) {
        refused = rest::problem_answer(why, head.id);
    } catch (const std::exception& why) {
        crm::logging::error("request.failed", {{"request", head.id}, {"why", why.what()}});
        refused = rest::problem_answer(
            {crm::errc::internal, "Something went wrong here; try again."}, head.id
        );
    }
    complete_headers(refused, head);
    ++counts_.answers[{"refused unread", refused.status}];
    co_return refused;
}

net::task<net::response> app::answer(net::request& what)
{
    what.id = request_prefix_ + "-" + std::to_string(++next_request_);
    std::string name = "page";
    net::response made;
    try {
        made = co_await route(what, name);
    } catch (const crm::problem& why) {
        made = rest::problem_answer(why, what.id);
    } catch (const std::exception& why) {
        crm::logging::error(
            "request.failed", {{"request", what.id}, {"route", name}, {"why", why.what()}}
        );
        made = rest::problem_answer(
            {crm::errc::internal, "Something went wrong here; try again."}, what.id
        );
    }
    complete_headers(made, what);
    ++counts_.answers[{name, made.status}];
    co_return made;
}

net::task<net::response> app::route(net::request& what, std::string& name)
{
    const bool reads = what.method == "GET" || what.method == "HEAD";
    if (what.path.starts_with("/api/v1/"))
        co_return co_await rest(what, name);
    if (what.path == "/livez" && reads) {
        name = "/livez";
        co_return text_answer(200, "ok\n");
    }
    if (what.path == "/readyz" && reads) {
        name = "/readyz";
        const auto found = co_await probe_.ask();
        co_return text_answer(found.ready ? 200 : 503, found.text);
    }
    if (shop_ && is_shop_host(what.host)) {
        name = "shop";
        co_return co_await shop_->answer(what, files_);
    }
    if (what.path.starts_with("/hooks/") || what.path == "/hooks") {
        // Never the console's page: a provider would take its 200 for an acknowledgement.
        name = "/hooks";
        throw crm::problem{
            crm::errc::not_found, "No channel of this server takes webhooks at this address."
        };
    }
    if (what.path == "/w.js" || what.path.starts_with("/w/")) {
        name = "widget";
        co_return co_await widget_answer(in_, what, files_);
    }
    if (!reads) {
        auto refused = text_answer(405, "This path takes GET only.\n");
        refused.set("allow", "GET, HEAD");
        co_return refused;
    }
    co_return page(what);
}

net::task<net::response> app::rest(net::request& what, std::string& name)
{
    name = "/api/v1";
    if (in_.draining)
        throw crm::problem{
            crm::errc::unavailable, "The server is shutting down; try again in a moment."
        };
    if (what.path == "/api/v1/openapi.json" && (what.method == "GET" || what.method == "HEAD")) {
        auto made = rest::json_answer(api::openapi_document());
        made.set("cache-control", "no-cache");
        co_return made;
    }
    co_return co_await rest::dispatch(in_, what, name);
}

/// The console: its files, and its page for every path that it routes itself.
net::response app::page(const net::request& what)
{
    auto found = files_.find("console/" + page_path(what.path), what);
    const bool is_file_path = what.path.find('.', what.path.rfind('/')) != std::string::npos;
    // Nobody may take the console's page for an answer of the metrics, which are served elsewhere.
    if (!found && !is_file_path && what.path != "/metrics")
        found = files_.find("console/index.html", what);
    if (!found)
        return text_answer(
            404,
            files_.size() == 0
                ? "The web pages are not built; run \"make build\" or set http.web.\n"
                : "Not found.\n"
        );
    const bool is_page = what.path.find("/assets/") == std::string::npos && !is_file_path;
    if (is_page)
        found->set("cache-control", "no-store");
    found->set("content-security-policy", std::string{console_policy()});
    return std::move(*found);
}

bool app::is_console_origin(const net::request& what, std::string_view origin) const
{
    if (origin.empty())
        return false;
    if (!in_.config.http.public_url.empty() && origin == in_.config.http.public_url)
        return true;
    for (const auto& each : in_.config.http.origins)
        if (origin == each)
            return true;
    return in_.config.http.public_url.empty() && origin == what.origin && !is_shop_host(what.host);
}

std::variant<net::response, net::socket_opener> app::upgrade(const net::request& head)
{
    auto refuse = [&](unsigned status, std::string text) {
        auto made = text_answer(status, std::move(text));
        complete_headers(made, head);
        ++counts_.answers[{"socket", status}];
        return made;
    };
    if (in_.draining)
        return refuse(503, "The server is shutting down; come back in a moment.\n");
    const auto origin = head.header("origin");
    if (head.path == "/ws/agent") {
        if (!is_console_origin(head, origin))
            return refuse(403, "This socket is for the console's own origin.\n");
        const auto secret = head.cookie(session_cookie_name);
        auto hash = secret.empty() ? std::string{} : crm::token_hash(secret);
        return
            [this, hash = std::move(hash), peer = head.peer](const std::shared_ptr<net::socket>& on
            ) { return live::attach(std::make_shared<live::agent_session>(in_, peer, hash), on); };
    }
    if (head.path == "/ws/chat") {
        // The panel is a page of ours, so its origin is the console's.
        if (!is_console_origin(head, origin))
            return refuse(403, "This socket is for the widget's own panel.\n");
        return [this, peer = head.peer](const std::shared_ptr<net::socket>& on) {
            using live::customer_door;
            return live::attach(
                std::make_shared<live::customer_session>(
                    in_, peer, customer_door::widget, std::string{}
                ),
                on
            );
        };
    }
    if (head.path.starts_with(channel_path) && head.path.size() > channel_path.size())
        return [this, peer = head.peer, slug = head.path.substr(channel_path.size())](
                   const std::shared_ptr<net::socket>& on
               ) {
            using live::customer_door;
            return live::attach(
                std::make_shared<live::customer_session>(in_, peer, customer_door::app, slug), on
            );
        };
    return refuse(404, "There is no socket of this name.\n");
}

} // namespace gateway
