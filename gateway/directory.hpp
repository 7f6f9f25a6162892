// What hardly changes and is needed all the time: names of agents, inboxes with hours and secrets,
// channel accounts. Kept in memory as an immutable snapshot and read again when the log tells of a
// change. Io thread; snapshots may go to other threads.
#pragma once

#include "crm/channel_account.hpp"
#include "crm/inbox.hpp"
#include "crm/store/store.hpp"
#include "gateway/wire/wire.hpp"

#include <boost/asio/awaitable.hpp>
#include <map>
#include <memory>
#include <string>

namespace gateway {

struct directory_page
{
    wire::shared_names names;
    std::map<crm::inbox_id, crm::inbox> inboxes;
    std::map<std::string, crm::inbox_id, std::less<>> inbox_by_slug;
    std::map<crm::inbox_id, std::vector<crm::identity_secret>> secrets;
    std::map<crm::inbox_id, crm::channel_account> web_accounts;        // the website's, by inbox
    std::map<std::string, crm::channel_account, std::less<>> accounts; // by slug

    [[nodiscard]] const crm::inbox* find(crm::inbox_id which) const;
    [[nodiscard]] const crm::inbox* find(std::string_view slug) const;
};

class directory
{
public:
    explicit directory(crm::store& from) : from_{from} {}

    /// Reads everything; before the first request.
    boost::asio::awaitable<void> load();
    /// True when one of these entries changes what is kept here.
    [[nodiscard]] static bool concerns(crm::happening what);
    [[nodiscard]] std::shared_ptr<const directory_page> page() const { return page_; }
    [[nodiscard]] wire::shared_names names() const { return page_->names; }

private:
    crm::store& from_;
    std::shared_ptr<const directory_page> page_ = std::make_shared<directory_page>();
};

} // namespace gateway
