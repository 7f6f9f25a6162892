// The one wheel of the process that fires the timers of the agenda. It sleeps until the earliest is
// due, hears in the log of any that is set meanwhile, and fires each as a job of the switchboard.
// It keeps nothing that the agenda does not hold, so a restart goes on where the last run stopped.
// Io thread.
#pragma once

#include "crm/agenda.hpp"
#include "crm/store/store.hpp"
#include "routing/switchboard.hpp"

#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <span>

namespace routing {

class wheel : public std::enable_shared_from_this<wheel>
{
public:
    /// Hears of the blobs that no row names any more.
    using freed = std::function<void(std::vector<std::string>)>;

    /// All arguments outlive it.
    static std::shared_ptr<wheel> make(
        boost::asio::io_context& io,
        crm::store& store,
        const crm::clock& time,
        switchboard& board,
        freed on_freed = {}
    );

    /// Fires what is due already, then waits for the next. Lays out what is to happen every night.
    void start();
    /// Fires nothing from now on.
    void stop();
    /// When it wakes next; unset while it fires, or has nothing to wait for.
    [[nodiscard]] std::optional<crm::instant> waits_for() const { return armed_; }

private:
    wheel(
        boost::asio::io_context& io,
        crm::store& store,
        const crm::clock& time,
        switchboard& board,
        freed on_freed
    );

    struct outlook
    {
        std::vector<crm::timer> due;
        std::optional<crm::instant> next;
    };

    void hear(std::span<const crm::log_entry> news);
    void arm(std::optional<crm::instant> due);
    void turn();
    task<void> fire_all();
    task<outlook> look() const;
    task<bool> fire(crm::timer which);

    boost::asio::io_context& io_;
    crm::store& store_;
    const crm::clock& time_;
    switchboard& board_;
    freed on_freed_;
    boost::asio::steady_timer timer_;
    std::shared_ptr<void> listening_;
    std::optional<crm::instant> armed_;
    bool running_ = false;
    bool laid_out_ = false; ///< the timers of every night are set
    bool turning_ = false;
    bool heard_ = false; ///< a timer was set while others were fired
};

} // namespace routing
