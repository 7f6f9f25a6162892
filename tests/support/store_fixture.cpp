#include "tests/support/store_fixture.hpp"

#include <iostream>
#include <stdexcept>

namespace crm::test {

using namespace std::chrono_literals;

std::vector<backend> backends()
{
    if (mariadb::is_installed())
        return {backend::sqlite, backend::mariadb};
    static const bool told = [] {
        std::cerr << "MariaDB is not installed: the store's tests run on SQLite only\n";
        return true;
    }();
    static_cast<void>(told);
    return {backend::sqlite};
}

std::string name_of(backend one)
{
    return one == backend::sqlite ? "SQLite" : "MariaDB";
}

store_fixture::store_fixture(backend on, store_settings how) : directory_{"parley-store"}
{
    url_ = on == backend::sqlite ? "sqlite:" + (directory_.path() / "parley.db").string()
                                 : mariadb::shared().fresh_database();
    open(std::move(how));
}

store_fixture::store_fixture(const std::string& url, store_settings how)
    : directory_{"parley-store"}, url_{url}
{
    open(std::move(how));
}

store_fixture::~store_fixture()
{
    store_->drain();
    // Whoever still waits is answered before the io_context goes.
    io.run_for(5s);
}

void store_fixture::open(store_settings how)
{
    how.url = url_;
    store_ = store::open(io, time, std::move(how));
    listening_ = store_->on_news([this](std::span<const log_entry> told) {
        news.insert(news.end(), told.begin(), told.end());
    });
}

void store_fixture::reopen(store_settings how)
{
    listening_.reset();
    store_->drain();
    io.run_for(5s);
    io.restart();
    store_.reset();
    news.clear();
    open(std::move(how));
}

void store_fixture::run_until(const std::function<bool()>& done)
{
    const auto until = std::chrono::steady_clock::now() + 20s;
    while (!done()) {
        if (std::chrono::steady_clock::now() > until)
            throw std::runtime_error{"nothing came of it in 20 s"};
        io.restart();
        io.run_one_for(50ms);
    }
}

std::shared_ptr<std::promise<void>> store_fixture::hold_writer()
{
    auto entered = std::make_shared<std::promise<void>>();
    auto gate = std::make_shared<std::promise<void>>();
    const auto opened = std::make_shared<std::shared_future<void>>(gate->get_future().share());
    start([entered, opened, once = std::make_shared<std::once_flag>()](transaction&) {
        std::call_once(*once, [&] { entered->set_value(); });
        opened->wait();
    });
    entered->get_future().wait();
    return gate;
}

} // namespace crm::test
