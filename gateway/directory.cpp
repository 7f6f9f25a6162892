#include "gateway/directory.hpp"

#include "crm/staff.hpp"

namespace gateway {

namespace {

directory_page read_page(crm::db::connection& on)
{
    directory_page made;
    auto names = std::make_shared<wire::names>();
    for (auto& each : crm::staff::agents(on))
        names->agents.emplace(each.id, std::move(each.name));
    made.names = std::move(names);
    for (auto& each : crm::inboxes::all(on)) {
        made.inbox_by_slug.emplace(each.slug, each.id);
        made.secrets.emplace(each.id, crm::inboxes::secrets(on, each.id));
        made.inboxes.emplace(each.id, std::move(each));
    }
    for (auto& each : crm::channel_accounts::all(on)) {
        if (each.channel == crm::channel::web)
            made.web_accounts.emplace(each.inbox, each);
        made.accounts.emplace(each.slug, std::move(each));
    }
    return made;
}

} // namespace

const crm::inbox* directory_page::find(crm::inbox_id which) const
{
    const auto found = inboxes.find(which);
    return found == inboxes.end() ? nullptr : &found->second;
}

const crm::inbox* directory_page::find(std::string_view slug) const
{
    const auto found = inbox_by_slug.find(slug);
    return found == inbox_by_slug.end() ? nullptr : find(found->second);
}

boost::asio::awaitable<void> directory::load()
{
    const auto job = [](crm::db::connection& on) { return read_page(on); };
    auto fresh = co_await from_.read(job, crm::read_length::extended);
    page_ = std::make_shared<const directory_page>(std::move(fresh));
}

bool directory::concerns(crm::happening what)
{
    using enum crm::happening;
    switch (what) {
    case agent_created:
    case agent_changed:
    case agent_deactivated:
    case inbox_created:
    case inbox_changed:
        return true;
    default:
        return false;
    }
}

} // namespace gateway
