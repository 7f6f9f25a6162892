// Attachments: the rows; the bytes are a blob of a random name in the data directory. A row without
// an entry is an upload that was not sent yet. Verbs run inside a store job.
#pragma once

#include "crm/context.hpp"
#include "crm/store/transaction.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace crm {

enum class author_kind : std::int8_t;

/// One file.
struct attachment
{
    attachment_id id{};
    entry_id entry{}; // 0: not sent yet
    conversation_id conversation{};
    customer_id customer{};
    inbox_id inbox{};
    author_kind owner_kind{}; // who uploaded it
    std::int64_t owner = 0;
    std::string name{}; // cleaned; for showing, never a path
    std::string media_type{};
    std::int64_t size = 0;
    int width = 0; // pictures only
    int height = 0;
    std::string content_id{}; // of a mail's inline picture
    bool is_inline = false;
    std::string blob{};   // random name in the blob store
    std::string sha256{}; // hex
    instant stored{};
    instant erased{};
};

namespace attachments {

/// Notes a blob that is safely on disk. Throws problem{invalid} for an empty name, type or blob,
/// problem{unsupported} for a type that must not be stored (programs).
attachment store(transaction& tx, context& by, attachment wanted);

/// Hangs uploads on an entry, in order. Each must be the author's own and not yet sent; throws
/// problem{not_found} naming the first that is not.
std::vector<attachment> attach(
    transaction& tx,
    std::span<const attachment_id> which,
    author_kind owner_kind,
    std::int64_t owner,
    entry_id entry,
    conversation_id conversation,
    customer_id customer,
    inbox_id inbox
);

std::optional<attachment> find(db::connection& on, attachment_id which);
std::vector<attachment> of_entry(db::connection& on, entry_id of);

/// Forgets the file of an attachment; the caller removes the blob named in the answer after the
/// commit.
std::string erase(transaction& tx, context& by, attachment_id which);

/// Uploads older than `before` that were never sent, for the sweep.
std::vector<attachment> unsent(db::connection& on, instant before, int limit);

/// Which of these blob names no row holds: orphans on disk.
std::vector<std::string> orphans(db::connection& on, std::span<const std::string> blobs);

} // namespace attachments
} // namespace crm
