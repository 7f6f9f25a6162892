#include "channels/webchat/webchat.hpp"

#include "crm/base/problem.hpp"
#include "crm/base/text.hpp"
#include "crm/identity.hpp"

#include <boost/json.hpp>

namespace channels::webchat {

namespace {

constexpr std::size_t most_fields = 10;
constexpr std::size_t field_length = 500;
constexpr std::size_t name_length = 120;

routing::incoming from(const writer& by, std::string cid)
{
    routing::incoming made;
    made.inbox = by.inbox;
    made.account = by.account;
    made.who = by.who;
    made.locale = by.locale;
    made.order_number = by.order_number;
    made.cid = std::move(cid);
    if (by.signed_subject.empty()) {
        made.visitor_key = by.visitor_key;
    } else {
        made.identity_kind = "account";
        made.identity_address = by.signed_subject;
        made.verified = true;
        made.name = by.signed_name;
    }
    return made;
}

} // namespace

routing::incoming said(
    const writer& by,
    std::string cid,
    std::string_view text,
    std::vector<crm::attachment_id> attachments
)
{
    auto made = from(by, std::move(cid));
    made.text = crm::clean_text(text);
    made.attachments = std::move(attachments);
    if (crm::trim(made.text).empty() && made.attachments.empty())
        throw crm::problem{crm::errc::invalid, "Write something or attach a file.", "text"};
    return made;
}

routing::incoming filled_form(const writer& by, std::string cid, const fields& filled)
{
    if (filled.size() > most_fields)
        throw crm::problem{crm::errc::too_large, "At most 10 fields.", "fields"};
    auto made = from(by, std::move(cid));
    made.kind = crm::entry_kind::form;
    boost::json::array list;
    for (const auto& [name, value] : filled) {
        const auto label = crm::clean_line(name, 40);
        const auto held = crm::clean_line(value, field_length);
        list.push_back(boost::json::object{{"label", label}, {"value", held}});
        made.text += (made.text.empty() ? "" : "\n") + label + ": " + held;
        if (name == "name" && made.name.empty())
            made.name = crm::clean_line(value, name_length);
    }
    made.details = boost::json::serialize(boost::json::object{{"fields", std::move(list)}});
    return made;
}

routing::incoming left_message(
    const writer& by,
    std::string cid,
    std::string_view name,
    std::string_view email,
    std::string_view text
)
{
    const auto address = crm::identities::normalised(crm::identity_kind::email, email);
    auto made = said(by, std::move(cid), text, {});
    if (made.name.empty())
        made.name = crm::clean_line(name, name_length);
    made.details =
        boost::json::serialize(boost::json::object{{"left_message", true}, {"email", address}});
    return made;
}

routing::incoming
visited(const writer& by, std::string_view url, std::string_view title, std::string_view product)
{
    auto made = from(by, {});
    made.kind = crm::entry_kind::visit;
    made.text = title;
    boost::json::object details{{"url", url}, {"title", title}};
    if (!product.empty())
        details["product"] = product;
    made.details = boost::json::serialize(details);
    return made;
}

} // namespace channels::webchat
