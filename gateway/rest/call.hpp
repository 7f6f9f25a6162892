// One REST call on its way to its handler: who asks, what for, and the answer's forms. A handler
// reads members that were held to their shapes before, calls one verb, and writes. Io thread.
#pragma once

#include "crm/base/problem.hpp"
#include "crm/store/failpoint.hpp"
#include "crm/store/idempotency.hpp"
#include "gateway/house.hpp"
#include "gateway/members.hpp"
#include "gateway/net/http.hpp"
#include "gateway/rights.hpp"
#include "gateway/sign_in.hpp"
#include "gateway/wire/json_text.hpp"

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway::rest {

struct call
{
    house& in;
    const net::request& asked;
    known_viewer known; // null only where the permission is "anyone"
    std::vector<std::pair<std::string_view, std::string>> path;
    boost::json::object query; // of the table's types
    boost::json::object body;

    [[nodiscard]] const viewer& who() const { return known->who; }
    [[nodiscard]] crm::actor actor() const { return known->who.as_actor(asked.peer); }
    /// A verb's context for whoever asks.
    [[nodiscard]] crm::context acting(int ids = 64) const { return in.acting(actor(), ids); }
    /// A path member's text.
    [[nodiscard]] const std::string& text(std::string_view name) const;
    /// A path member's id. Throws problem{not_found} when it is no id at all.
    template <crm::strong_id Id>
    [[nodiscard]] Id id(std::string_view name) const
    {
        return static_cast<Id>(raw_id(name));
    }
    [[nodiscard]] int limit(int otherwise = 50) const;

private:
    [[nodiscard]] std::int64_t raw_id(std::string_view name) const;
};

net::response json_answer(std::string text, unsigned status = 200);
net::response nothing();
/// A page: `items` is the finished list.
std::string page_text(std::string_view items, std::string_view next, std::int64_t as_of);
/// A problem document. `request_id` ties it to the log.
net::response problem_answer(const crm::problem& why, const std::string& request_id);

/// Adds the ETag of a revision.
net::response with_revision(net::response answer, std::int64_t revision);
/// The revision of If-Match; nullopt without one. Throws problem{precondition} when it is not of
/// ours.
std::optional<std::int64_t> wanted_revision(const net::request& asked);

/// The HTTP status of a code.
unsigned status_of(crm::errc code);

/// The scheme and host under which clients reach this server.
std::string public_origin(const house& in, const net::request& asked);

/// The answer kept under the call's Idempotency-Key; "" where it has none.
crm::idempotent_request idempotency_of(const call& at);

/// What is kept of an answer under its Idempotency-Key.
enum class kept_part
{
    whole,
    no_secret // the answer shows a secret, and those are not stored: a repetition is told so
};
/// The status under which it stands that an answer was given and not kept.
inline constexpr int not_kept = 0;

/// The first answer, if the call's Idempotency-Key has one. Throws problem{invalid} when the key
/// was used for another request, problem{conflict} when the answer was not kept.
std::optional<crm::kept_answer>
first_answer(crm::db::connection& on, const crm::idempotent_request& key);

/// The response of an answer that was kept.
net::response kept_response(crm::kept_answer what);

/// Runs `job(transaction&, context&) -> std::string` (the answer's JSON) in one store job, together
/// with the Idempotency-Key's bookkeeping, so that a second request with the key gets the first
/// one's answer.
template <class Job>
net::task<net::response>
write_once(call& at, unsigned status, Job job, kept_part keeps = kept_part::whole)
{
    const auto whole = [by = at.acting(), key = idempotency_of(at), status, job, keeps](
                           crm::transaction& tx
                       ) {
        auto now = by;
        if (auto first = first_answer(tx.db(), key))
            return std::move(*first);
        crm::kept_answer made{static_cast<int>(status), job(tx, now)};
        if (!key.key.empty())
            crm::keep_answer(
                tx, key, keeps == kept_part::whole ? made : crm::kept_answer{not_kept, {}}, now.now
            );
        return made;
    };
    auto made = co_await at.in.store.write(whole);
    crm::failpoint("rest.written");
    co_return kept_response(std::move(made));
}

} // namespace gateway::rest
