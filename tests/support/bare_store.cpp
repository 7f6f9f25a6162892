#include "tests/support/bare_store.hpp"

#include "tests/support/bare_ours.hpp"
#include "tests/support/bare_sqlite.hpp"

namespace bench {

namespace {

/// Nothing is kept; numbers are given all the same.
class no_store final : public bare_store
{
public:
    void commit(std::span<bare_message* const> batch) override
    {
        for (auto* one : batch)
            one->id = one->position = ++last_;
    }

private:
    std::int64_t last_ = 0;
};

/// One table, one INSERT a message.
class one_insert final : public bare_store
{
public:
    explicit one_insert(const std::string& file) : base_{open_file(file)}
    {
        run(base_,
            "CREATE TABLE messages (id INTEGER PRIMARY KEY, conversation INTEGER, cid TEXT, text "
            "TEXT)");
        insert_ = std::make_unique<statement>(
            base_, "INSERT INTO messages (id, conversation, cid, text) VALUES (?, ?, ?, ?)"
        );
    }
    ~one_insert() override
    {
        insert_.reset();
        sqlite3_close(base_);
    }
    one_insert(const one_insert&) = delete;
    one_insert& operator=(const one_insert&) = delete;

    void commit(std::span<bare_message* const> batch) override
    {
        run(base_, "BEGIN IMMEDIATE");
        for (auto* one : batch) {
            one->id = one->position = ++last_;
            (*insert_)(
                one->id, one->conversation, std::string_view{one->cid}, std::string_view{one->text}
            );
        }
        run(base_, "COMMIT");
    }

private:
    sqlite3* base_;
    std::unique_ptr<statement> insert_;
    std::int64_t last_ = 0;
};

} // namespace

std::unique_ptr<bare_store> open_bare_store(const std::string& file, bare_sql what)
{
    if (what == bare_sql::none)
        return std::make_unique<no_store>();
    if (what == bare_sql::ours)
        return open_our_statements(file);
    return std::make_unique<one_insert>(file);
}

} // namespace bench
