// Answers of REST requests that carried an Idempotency-Key: the same key with the same request
// brings the first answer, for 72 hours. Called inside the very job that has the request's effect,
// so the two are one commit, and a second request with the key that arrives meanwhile finds the
// first's answer.
#pragma once

#include "crm/base/time.hpp"
#include "crm/store/transaction.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace crm {

/// How long an answer is kept.
inline constexpr std::chrono::hours kept_answer_life{72};

struct kept_answer
{
    int status = 0; // HTTP
    std::string body;
};

/// Who asks, under which key, for what. `request` is method, path and body; its SHA-256 is kept.
struct idempotent_request
{
    std::string principal; // "agent:123", "token:45"
    std::string key;       // 1 to 64 characters
    std::string request;
};

/// The first answer, if there is one. Throws problem{invalid} when the key was used for another
/// request, or is empty or longer than 64 bytes.
std::optional<kept_answer> find_answer(db::connection& on, const idempotent_request& asked);

/// Keeps the answer; find_answer must have found none in the same job.
void keep_answer(
    transaction& in, const idempotent_request& asked, const kept_answer& answer, instant now
);

/// Removes at most `most` answers older than 72 hours; returns how many. For a background job.
std::int64_t forget_answers(transaction& in, instant now, int most);

} // namespace crm
