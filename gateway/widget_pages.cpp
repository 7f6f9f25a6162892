#include "gateway/widget_pages.hpp"

#include "crm/base/problem.hpp"
#include "gateway/directory.hpp"
#include "gateway/headers.hpp"
#include "gateway/rest/call.hpp"
#include "gateway/uploads.hpp"
#include "routing/business_clock.hpp"

namespace gateway {

namespace {

const crm::inbox& asked_inbox(const directory_page& people, const net::request& asked)
{
    const auto slug = net::query_value(asked.query, "inbox").value_or("");
    const auto* found = people.find(slug);
    if (!found)
        throw crm::problem{crm::errc::not_found, "There is no inbox of this name.", "inbox"};
    return *found;
}

/// Pages that may embed the inbox; in the demo also its own shop, whatever port it runs on.
std::vector<std::string>
embedding_origins(const house& in, const crm::inbox& which, const net::request& asked)
{
    auto made = which.origins;
    const auto at = asked.origin.find("//");
    if (in.is_demo && at != std::string::npos)
        made.push_back(asked.origin.substr(0, at + 2) + "shop." + asked.origin.substr(at + 2));
    return made;
}

net::response boot(house& in, const net::request& asked)
{
    const auto people = in.people.page();
    const auto& inbox = asked_inbox(*people, asked);
    const auto origin = asked.header("origin");
    const bool own = origin.empty() || origin == asked.origin;
    const auto allowed = embedding_origins(in, inbox, asked);
    if (!own && std::find(allowed.begin(), allowed.end(), origin) == allowed.end())
        throw crm::problem{
            crm::errc::forbidden,
            "This site may not embed the inbox; an administrator adds its origin to the inbox's "
            "list."
        };
    wire::json_text text;
    text.open_object()
        .member("v", 1)
        .member("inbox", inbox.slug)
        .member("name", inbox.brand.empty() ? inbox.name : inbox.brand)
        .member("locale", inbox.locale)
        .member("open", routing::is_open(inbox, in.time.now()))
        .key("colour");
    if (inbox.color.empty())
        text.null();
    else
        text.value(inbox.color);
    text.close_object();
    auto made = rest::json_answer(text.take());
    if (!own)
        made.set("access-control-allow-origin", std::string{origin});
    made.set("vary", "origin");
    made.set("cross-origin-resource-policy", "cross-origin");
    return made;
}

net::response panel(house& in, const net::request& asked, const static_files& files)
{
    const auto people = in.people.page();
    const auto& inbox = asked_inbox(*people, asked);
    auto found = files.find("widget/panel.html", asked);
    if (!found)
        throw crm::problem{crm::errc::not_found, "The widget is not built; run \"make build\"."};
    found->set("cache-control", "no-store");
    found->set("content-security-policy", panel_policy(embedding_origins(in, inbox, asked)));
    found->set("cross-origin-resource-policy", "cross-origin");
    return std::move(*found);
}

} // namespace

net::task<net::response>
widget_answer(house& in, const net::request& asked, const static_files& files)
{
    if (asked.method == "POST" && asked.path == "/w/attachments")
        co_return co_await upload_by_customer(in, asked);
    if (asked.method != "GET" && asked.method != "HEAD")
        throw crm::problem{crm::errc::not_found, "There is nothing here for this method."};
    if (asked.path == "/w/boot")
        co_return boot(in, asked);
    if (asked.path == "/w/panel")
        co_return panel(in, asked, files);
    if (asked.path.starts_with("/w/attachments/"))
        co_return co_await download_by_address(in, asked);
    const auto file =
        asked.path == "/w.js" ? std::string{"widget/w.js"} : "widget" + asked.path.substr(2);
    auto found = files.find(file, asked);
    if (!found || file.ends_with(".html"))
        throw crm::problem{crm::errc::not_found, "There is nothing here."};
    if (asked.path == "/w.js")
        found->set("cache-control", "public, max-age=300");
    found->set("cross-origin-resource-policy", "cross-origin");
    co_return std::move(*found);
}

} // namespace gateway
