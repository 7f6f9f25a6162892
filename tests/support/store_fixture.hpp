// A store of its own for one test, on either database, driven from the test's thread. The same
// tests run on both: `const std::string url = GENERATE(from_range(test::backends()));`.
#pragma once

#include "tests/support/mariadb.hpp"

#include "crm/base/time.hpp"
#include "crm/store/store.hpp"

#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <future>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace crm::test {

enum class backend
{
    sqlite,
    mariadb
};

/// Both databases; only SQLite, with a line that says so, where MariaDB is not installed.
std::vector<backend> backends();

std::string name_of(backend one);

/// What a job that was started came to.
template <class Result>
struct outcome
{
    std::optional<std::conditional_t<std::is_void_v<Result>, bool, Result>> value;
    std::exception_ptr failed;
    int order = 0; // 1 for the first that completed

    [[nodiscard]] bool is_done() const { return value.has_value() || failed != nullptr; }
};

class store_fixture
{
public:
    explicit store_fixture(backend on, store_settings how = {});
    /// On a database that exists.
    explicit store_fixture(const std::string& url, store_settings how = {});
    ~store_fixture();
    store_fixture(const store_fixture&) = delete;
    store_fixture& operator=(const store_fixture&) = delete;

    /// Runs the job and returns its result, or throws what it threw.
    template <class Job>
    auto write(Job job)
    {
        auto started = start(std::move(job));
        run_until([&] { return started->is_done(); });
        return result_of(*started);
    }
    template <class Job>
    auto read(Job job, read_length length = read_length::brief)
    {
        auto started = start_read(std::move(job), length);
        run_until([&] { return started->is_done(); });
        return result_of(*started);
    }
    template <class Job>
    auto start_read(Job job, read_length length = read_length::brief)
    {
        using result = detail::result_of<Job, db::connection>;
        auto kept = std::make_shared<outcome<result>>();
        launch<result>(store().read(std::move(job), length), kept);
        return kept;
    }
    /// Hands the job to the store and goes on.
    template <class Job>
    auto start(Job job)
    {
        using result = detail::result_of<Job, transaction>;
        auto kept = std::make_shared<outcome<result>>();
        launch<result>(store().write(std::move(job)), kept);
        return kept;
    }
    template <class Job>
    auto start_background(Job job)
    {
        using result = detail::result_of<Job, transaction>;
        auto kept = std::make_shared<outcome<result>>();
        launch<result>(store().write_background(std::move(job)), kept);
        return kept;
    }
    /// Runs the io thread until the condition holds; throws std::runtime_error after 20 s.
    void run_until(const std::function<bool()>& done);
    /// Holds the writer in a job of its own until the returned promise is set, so that what is
    /// started meanwhile forms one batch.
    std::shared_ptr<std::promise<void>> hold_writer();
    /// Drains and opens again on the same database.
    void reopen(store_settings how = {});

    [[nodiscard]] crm::store& store() { return *store_; }
    [[nodiscard]] const std::string& url() const { return url_; }
    [[nodiscard]] std::filesystem::path directory() const { return directory_.path(); }

    /// Every entry told since the store was opened.
    std::vector<log_entry> news;
    boost::asio::io_context io{1};
    system_clock time;

private:
    void open(store_settings how);

    template <class Result>
    void launch(boost::asio::awaitable<Result> work, std::shared_ptr<outcome<Result>> kept)
    {
        boost::asio::co_spawn(
            io,
            finish<Result>(std::move(work), std::move(kept), completed_),
            [](const std::exception_ptr&) {}
        );
        io.restart();
        io.poll();
    }
    template <class Result>
    static boost::asio::awaitable<void> finish(
        boost::asio::awaitable<Result> work,
        std::shared_ptr<outcome<Result>> kept,
        std::shared_ptr<int> completed
    )
    {
        try {
            if constexpr (std::is_void_v<Result>) {
                co_await std::move(work);
                kept->value = true;
            } else {
                kept->value = co_await std::move(work);
            }
        } catch (...) {
            kept->failed = std::current_exception();
        }
        kept->order = ++*completed;
    }
    template <class Result>
    static Result result_of(outcome<Result>& of)
    {
        if (of.failed)
            std::rethrow_exception(of.failed);
        if constexpr (!std::is_void_v<Result>)
            return std::move(*of.value);
    }

    load::temp_dir directory_;
    std::string url_;
    std::shared_ptr<int> completed_ = std::make_shared<int>(0);
    std::unique_ptr<crm::store> store_;
    std::shared_ptr<void> listening_;
};

} // namespace crm::test
