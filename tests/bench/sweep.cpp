// Does long work in the background hurt those who chat? Messages are appended
// to conversations at a steady rate, first alone, then while a sweep rewrites a
// million rows in jobs of 200, as retention or an import would. Same process,
// same store, no sockets: what is measured is the store's queueing.
#include "tests/support/load_archive.hpp"
#include "tests/support/load_options.hpp"
#include "tests/support/load_process.hpp"
#include "tests/support/load_report.hpp"

#include "crm/store/migrations.hpp"
#include "crm/store/sqlite.hpp"
#include "crm/store/store.hpp"
#include "crm/timeline.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace std::chrono_literals;
using clock_type = std::chrono::steady_clock;

constexpr crm::instant installed{1'700'000'000'000'000};
constexpr std::int64_t sweep_rows = 200; // of one job

struct options
{
    fs::path results = "build/bench/results.json";
    load::archive_settings archive;
    int per_second = 1'000;
    int seconds = 6; // of chat alone; with the sweep it lasts as long as the
                     // sweep, at most 120 s
};

constexpr std::string_view next_rows =
    "SELECT MAX(id), COUNT(id) FROM (SELECT id FROM entries WHERE id > ?"
    " ORDER BY id LIMIT ?) AS page";
constexpr std::string_view rewrite_rows =
    "UPDATE entries SET details = '{\"swept\":true}' WHERE id > ? AND id <= ?";

class trial
{
public:
    trial(
        const options& how,
        asio::io_context& io,
        crm::store& base,
        std::vector<std::int64_t> conversations
    )
        : how_{how}, io_{io}, base_{base}, conversations_{std::move(conversations)}, ids_{time_, 1}
    {
    }

    /// Chat at the wanted rate until `enough` says so; p99 of the time to the
    /// acknowledgement, ms.
    double chat(const std::function<bool()>& enough)
    {
        waits_ms_.clear();
        // Without it run_until() returns at once while nothing is under way, and the ticks run
        // ahead of the time.
        const auto stays = asio::make_work_guard(io_);
        const auto began = clock_type::now();
        for (auto tick = began; !enough(); tick += 1ms) {
            io_.restart();
            io_.run_until(tick);
            owed_ += how_.per_second / 1000.0;
            for (; owed_ >= 1; owed_ -= 1)
                asio::co_spawn(io_, say(tick), rethrow);
        }
        const auto deadline = clock_type::now() + 10s;
        while (open_ > 0 && clock_type::now() < deadline) {
            io_.restart();
            io_.run_for(2ms);
        }
        if (open_ > 0)
            throw std::runtime_error{"messages were not answered within 10 s"};
        std::ranges::sort(waits_ms_);
        if (waits_ms_.front() <= 0)
            throw std::runtime_error{"a message was answered before it was due"};
        return waits_ms_[static_cast<std::size_t>(
            0.99 * static_cast<double>(waits_ms_.size() - 1)
        )];
    }

    void start_sweep() { asio::co_spawn(io_, sweep(), rethrow); }
    [[nodiscard]] bool is_swept() const { return swept_all_; }
    [[nodiscard]] std::int64_t swept() const { return swept_; }

private:
    static void rethrow(const std::exception_ptr& failed)
    {
        if (failed)
            std::rethrow_exception(failed);
    }

    asio::awaitable<void> say(clock_type::time_point due)
    {
        ++open_;
        const std::int64_t which = said_ % how_.archive.customers;
        crm::new_entry wanted;
        wanted.conversation = crm::conversation_id{conversations_[static_cast<std::size_t>(which)]};
        wanted.by = {crm::author_kind::customer, how_.archive.first_id + which, {}};
        wanted.text = "Where is my order? It was to arrive on Monday.";
        wanted.cid = "chat-" + std::to_string(++said_);
        const crm::actor who{};
        const crm::context by{who, time_.now(), ids_.reserve(8)};
        auto job = [by, wanted](crm::transaction& tx) {
            auto mine = by;
            return crm::timeline::append(tx, mine, wanted).what->seq;
        };
        co_await base_.write(job);
        const std::chrono::duration<double, std::milli> waited = clock_type::now() - due;
        waits_ms_.push_back(waited.count());
        --open_;
    }

    asio::awaitable<void> sweep()
    {
        struct step
        {
            std::int64_t last = 0;
            std::int64_t count = 0;
        };
        std::int64_t cursor = 0;
        while (swept_ < how_.archive.entries) {
            auto job = [cursor](crm::transaction& tx) {
                step made;
                {
                    auto rows = tx.query(next_rows, {cursor, sweep_rows});
                    if (rows.next())
                        made = {rows.integer(0), rows.integer(1)};
                }
                if (made.count > 0)
                    tx.exec(rewrite_rows, {cursor, made.last});
                return made;
            };
            const step done = co_await base_.write_background(job);
            if (done.count == 0)
                break;
            cursor = done.last;
            swept_ += done.count;
        }
        swept_all_ = true;
    }

    const options& how_;
    asio::io_context& io_;
    crm::store& base_;
    std::vector<std::int64_t> conversations_; // one of each customer
    crm::system_clock time_;
    crm::id_source ids_;
    std::vector<double> waits_ms_;
    double owed_ = 0;
    std::int64_t said_ = 0;
    std::int64_t open_ = 0;
    std::int64_t swept_ = 0;
    bool swept_all_ = false;
};

int measure(const options& how)
{
    load::report into{how.results};
    const load::temp_dir place{"parley-sweep"};
    const std::string file = (place.path() / "parley.db").string();
    std::vector<std::int64_t> conversations;
    {
        const auto base = crm::db::open_sqlite(file, crm::db::access::read_write);
        crm::db::migrate(*base, installed);
        conversations = load::fill_archive(*base, how.archive);
    }
    asio::io_context io{1};
    const crm::system_clock time;
    crm::store_settings settings;
    settings.url = "sqlite:" + file;
    const auto base = crm::store::open(io, time, settings);
    trial one{how, io, *base, std::move(conversations)};
    const auto after = [](std::chrono::milliseconds length) {
        return [end = clock_type::now() + length] { return clock_type::now() > end; };
    };
    one.chat(after(1s));
    const double calm = one.chat(after(std::chrono::seconds{how.seconds}));
    const auto began = clock_type::now();
    one.start_sweep();
    const auto limit = after(120s);
    const double busy = one.chat([&] { return one.is_swept() || limit(); });
    const std::chrono::duration<double> took = clock_type::now() - began;
    base->drain();
    const load::figure held =
        load::compared("chat p99 during a background sweep", busy, "ms", "without", calm, 2);
    into.add(held);
    into.add(
        {"background sweep: rows a second beside the chat",
         static_cast<double>(one.swept()) / took.count(),
         "/s",
         "",
         0,
         0,
         0,
         true}
    );
    return held.holds() ? 0 : 2;
}

} // namespace

int main(int argc, char** argv)
{
    load::options app{"chat beside long work in the background"};
    options how;
    app.add("--results", how.results, "file that gathers the figures");
    app.add("--rows", how.archive.entries, "rows of the sweep");
    app.add("--per-second", how.per_second, "messages a second");
    app.add("--seconds", how.seconds, "length of the calm measurement");
    return app.run(argc, argv, "sweep", [&] { return measure(how); });
}
