// The first page of a customer's whole timeline, and a page in its middle, with
// a million (or
// --entries) entries stored: the time inside the server, from the question to
// the rows, over many customers, warm and straight after opening the database.
#include "tests/support/load_archive.hpp"
#include "tests/support/load_options.hpp"
#include "tests/support/load_process.hpp"
#include "tests/support/load_report.hpp"

#include "crm/store/migrations.hpp"
#include "crm/store/sqlite.hpp"
#include "crm/timeline_pages.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <random>

namespace {

namespace fs = std::filesystem;
using clock_type = std::chrono::steady_clock;

constexpr int page_size = 50;
constexpr crm::instant installed{1'700'000'000'000'000};

struct options
{
    fs::path results = "build/bench/results.json";
    load::archive_settings archive;
    int pages = 4'000;
};

class stopwatch
{
public:
    template <class Work>
    void time(const Work& work)
    {
        const auto began = clock_type::now();
        work();
        const std::chrono::duration<double, std::milli> took = clock_type::now() - began;
        took_ms_.push_back(took.count());
    }
    double quantile(double q)
    {
        std::ranges::sort(took_ms_);
        return took_ms_[static_cast<std::size_t>(q * static_cast<double>(took_ms_.size() - 1))];
    }

private:
    std::vector<double> took_ms_;
};

/// One page in a read transaction of its own, as a request makes it.
crm::timeline::page read_page(
    crm::db::connection& base, crm::customer_id whose, std::optional<crm::timeline::place> before
)
{
    base.begin_read();
    crm::timeline::page page = crm::timeline::of_customer(base, whose, before, page_size);
    base.rollback();
    if (page.entries.empty())
        throw std::runtime_error{"a customer of the archive has no timeline"};
    return page;
}

int measure(const options& how)
{
    load::report into{how.results};
    const load::temp_dir place{"parley-timeline"};
    const std::string file = (place.path() / "parley.db").string();
    {
        const auto base = crm::db::open_sqlite(file, crm::db::access::read_write);
        crm::db::migrate(*base, installed);
        load::fill_archive(*base, how.archive);
    }
    const auto base = crm::db::open_sqlite(file, crm::db::access::read_only);
    std::mt19937_64 random{7};
    std::uniform_int_distribution<std::int64_t> pick{0, how.archive.customers - 1};
    const auto somebody = [&] { return crm::customer_id{how.archive.first_id + pick(random)}; };

    stopwatch first_pages;
    for (int i = 0; i < how.pages; ++i)
        first_pages.time([&, who = somebody()] { read_page(*base, who, std::nullopt); });
    // One customer with thousands of entries, page after page to the end.
    stopwatch long_history;
    const crm::customer_id faithful{how.archive.first_id};
    std::optional<crm::timeline::place> before;
    for (bool more = true; more;) {
        long_history.time([&] {
            const auto page = read_page(*base, faithful, before);
            more = page.more;
            before = crm::timeline::place{page.entries.back().happened, page.entries.back().id};
        });
    }
    const std::string stored = fmt::format("{} entries", how.archive.entries);
    const std::string first_page = "timeline: first page with " + stored;
    into.add(load::plain(first_page + ", p50", first_pages.quantile(0.5), "ms"));
    const auto worst = load::plain(first_page + ", p99", first_pages.quantile(0.99), "ms", 2);
    into.add(worst);
    into.add(load::plain(
        fmt::format("timeline: any page of a customer with {}, p99", how.archive.entries_of_first),
        long_history.quantile(0.99),
        "ms",
        2
    ));
    return worst.holds() ? 0 : 2;
}

} // namespace

int main(int argc, char** argv)
{
    load::options app{"pages of a customer's timeline in a big archive"};
    options how;
    app.add("--results", how.results, "file that gathers the figures");
    app.add("--entries", how.archive.entries, "entries stored");
    app.add("--customers", how.archive.customers, "customers they are shared by");
    app.add("--pages", how.pages, "pages read");
    return app.run(argc, argv, "timeline", [&] { return measure(how); });
}
