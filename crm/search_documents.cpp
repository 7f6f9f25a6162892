#include "crm/search_documents.hpp"

#include "crm/search_words.hpp"
#include "crm/sql_list.hpp"

#include <cstdlib>
#include <fmt/format.h>

namespace crm::search {

namespace {

constexpr std::string_view select_words = "SELECT words FROM search_documents WHERE id = ?";
constexpr std::string_view delete_words =
    "INSERT INTO search_index (search_index, rowid, words) VALUES ('delete', ?, ?)";
constexpr std::string_view insert_words = "INSERT INTO search_index (rowid, words) VALUES (?, ?)";
constexpr std::string_view delete_document = "DELETE FROM search_documents WHERE id = ?";
constexpr std::string_view insert_documents =
    "INSERT INTO search_documents (id, kind, inbox_id, customer_id, words) VALUES ";
constexpr std::size_t document_columns = 5;

constexpr std::string_view select_indexed = "SELECT id FROM search_documents WHERE id IN ";
constexpr std::string_view select_entries =
    "SELECT id, inbox_id, customer_id, content FROM entries WHERE redacted_at = 0 AND id IN ";
constexpr std::string_view select_conversation =
    "SELECT inbox_id, customer_id, subject FROM conversations WHERE id = ?";
constexpr std::string_view select_customer =
    "SELECT name FROM customers WHERE id = ? AND erased_at = 0";
constexpr std::string_view select_identities =
    "SELECT display, address FROM identities WHERE customer_id = ? AND erased_at = 0 LIMIT 20";
constexpr std::string_view select_order = "SELECT customer_id, number FROM orders WHERE id = ?";
constexpr std::string_view select_lines =
    "SELECT name, sku FROM order_lines WHERE order_id = ? ORDER BY line LIMIT 50";

std::string words_of(document kind, const hit& about, const std::string& form)
{
    return fmt::format(
        "{} {} {} {}",
        kind_token(kind),
        inbox_token(raw(about.inbox)),
        customer_token(raw(about.customer)),
        form
    );
}

} // namespace

std::string inbox_token(std::int64_t inbox)
{
    return fmt::format("iii{:x}", inbox);
}

std::string customer_token(std::int64_t customer)
{
    return fmt::format("ooo{:x}", customer);
}

std::string kind_token(document kind)
{
    return fmt::format("kkk{}", static_cast<int>(kind));
}

taken_in remove_document(transaction& in, std::int64_t id)
{
    std::string words;
    {
        db::rows found = in.query(select_words, {id});
        if (!found.next())
            return {};
        words = found.string(0);
    }
    // The index holds no words of its own, so it must be told which ones go.
    if (in.db().speaks() == db::dialect::sqlite)
        in.exec(delete_words, {id, words});
    in.exec(delete_document, {id});
    return {2, words.size()};
}

taken_in put_document(transaction& in, document kind, const hit& about, std::string_view text)
{
    const concerned one{kind, about.id};
    reading now{in, {&one, 1}};
    const taken_in made = now.write(kind, about, text);
    now.finish();
    return made;
}

template <class Each>
void reading::for_each(
    std::string_view select, const std::vector<std::int64_t>& ids, const Each& each
)
{
    if (ids.empty())
        return;
    std::vector<db::value> values(ids.begin(), ids.end());
    values.resize(list_places(ids.size()), db::value{ids.front()});
    db::rows found = in_.db().query_span(std::string{select} + sql_list(ids.size()), values);
    while (found.next())
        each(found);
}

reading::reading(transaction& in, std::span<const concerned> all) : in_{in}
{
    std::vector<std::int64_t> ids;
    std::vector<std::int64_t> messages;
    for (const concerned& one : all) {
        ids.push_back(one.id);
        if (one.kind == document::message)
            messages.push_back(one.id);
    }
    for_each(select_indexed, ids, [&](const db::rows& found) {
        indexed_.insert(found.integer(0));
    });
    for_each(select_entries, messages, [&](const db::rows& found) {
        messages_[found.integer(0)] = {
            {found.integer(0), found.id<inbox_id>(1), found.id<customer_id>(2)}, found.string(3)
        };
    });
}

taken_in reading::take(const concerned& what)
{
    switch (what.kind) {
    case document::message:
        return take_message(what.id);
    case document::conversation:
        return take_conversation(what.id);
    case document::customer:
        return take_customer(what.id);
    case document::order:
        return take_order(what.id);
    }
    std::abort();
}

void reading::finish()
{
    std::vector<db::value> values;
    for (const row& one : rows_) {
        const std::initializer_list<db::value> columns{
            one.about.id, one.kind, one.about.inbox, one.about.customer, one.words
        };
        values.insert(values.end(), columns);
    }
    insert_rows(in_.db(), insert_documents, document_columns, values);
    if (in_.db().speaks() == db::dialect::sqlite)
        for (const row& one : rows_)
            in_.exec(insert_words, {one.about.id, one.words});
    rows_.clear();
}

taken_in reading::take_message(std::int64_t id)
{
    const auto found = messages_.find(id);
    if (found == messages_.end())
        return clear(id);
    return write(document::message, found->second.about, found->second.text);
}

taken_in reading::take_conversation(std::int64_t id)
{
    db::rows found = in_.query(select_conversation, {id});
    if (!found.next())
        return clear(id);
    const hit about{id, found.id<inbox_id>(0), found.id<customer_id>(1)};
    return write(document::conversation, about, found.string(2));
}

taken_in reading::take_customer(std::int64_t id)
{
    std::string text;
    {
        db::rows found = in_.query(select_customer, {id});
        if (!found.next())
            return clear(id);
        text = found.string(0);
    }
    db::rows known = in_.query(select_identities, {id});
    while (known.next())
        text += fmt::format("\n{}\n{}", known.text(0), known.text(1));
    return write(document::customer, {id, {}, customer_id{id}}, text);
}

taken_in reading::take_order(std::int64_t id)
{
    hit about{id, {}, {}};
    std::string text;
    {
        db::rows found = in_.query(select_order, {id});
        if (!found.next())
            return clear(id);
        about.customer = found.id<customer_id>(0);
        text = found.string(1);
    }
    db::rows lines = in_.query(select_lines, {id});
    while (lines.next())
        text += fmt::format("\n{}\n{}", lines.text(0), lines.text(1));
    return write(document::order, about, text);
}

taken_in reading::clear(std::int64_t id)
{
    return indexed_.contains(id) ? remove_document(in_, id) : taken_in{};
}

taken_in reading::write(document kind, const hit& about, std::string_view text)
{
    const taken_in before = clear(about.id);
    const std::string form = indexed_form(text);
    if (form.empty())
        return before;
    rows_.push_back({kind, about, words_of(kind, about, form)});
    return {before.rows + 2, before.bytes + rows_.back().words.size()};
}

} // namespace crm::search
